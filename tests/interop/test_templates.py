"""Every template is the official one to the byte, but that ours tells the labels of fields: `add file` finds them by it."""

import json

import pytest
import yaml
from keeper_secrets_manager_helper.field_type import FieldType
from keeper_secrets_manager_helper.record import Record
from keeper_secrets_manager_helper.v3.record_type import get_class_by_type, get_record_type_list

import programs

RECORDS = list(get_record_type_list())


@pytest.fixture
def template(ksm, tmp_path):
    def run(*args):
        ours = programs.Program([ksm], {}, tmp_path)
        return ours("secret", "template", *args).succeeds().text

    return run


def labelled(kind):
    """The official template with the labels that the type has."""
    document = get_class_by_type(kind)().generate_template_dict()
    fields = document["data"][0]["fields"]
    for at, slot in enumerate(get_class_by_type(kind)().get_standard_fields()):
        if slot.get("label"):
            (name, of_type), *rest = fields[at].items()
            fields[at] = {name: of_type, "label": slot["label"], **dict(rest)}
    return document


def test_records(template):
    for kind in RECORDS:
        document = labelled(kind)
        assert template("record", kind) == json.dumps(document, indent=4)
        assert template("record", "-o", "yaml", kind) == yaml.dump(document, sort_keys=False)
        if not any("label" in field for field in document["data"][0]["fields"]):
            assert template("record", "-o", "yaml", kind) == Record("v3").get_template(kind, "yaml")


def test_fields(template):
    for kind in FieldType.get_field_type_list():
        field = FieldType.get_field_type_schema(kind)
        assert template("field", kind) == json.dumps(field, indent=4)
        assert template("field", "-o", "yaml", kind) == yaml.dump(field)
