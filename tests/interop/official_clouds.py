"""Starts the official CLI with the servers of the tests in the place of Azure and Google, whose addresses it does not let choose.

`INTEROP_CLOUDS` is JSON: the addresses `azure` and `google`, and `ca`, the file of their authorities.
"""

import functools
import json
import os
import runpy
from pathlib import Path

import azure.identity
import azure.keyvault.secrets
from google.cloud import secretmanager

clouds = json.loads(os.environ.pop("INTEROP_CLOUDS"))
trust = {"connection_verify": clouds["ca"]}
secret_client = azure.keyvault.secrets.SecretClient


def key_vault(vault_url, credential):
    return secret_client(clouds["azure"], credential, verify_challenge_resource=False, **trust)


azure.keyvault.secrets.SecretClient = key_vault
azure.identity.ClientSecretCredential = functools.partial(
    azure.identity.ClientSecretCredential, authority=clouds["azure"], disable_instance_discovery=True, **trust
)
secretmanager.SecretManagerServiceClient = functools.partial(
    secretmanager.SecretManagerServiceClient, transport="rest", client_options={"api_endpoint": clouds["google"].removeprefix("https://")}
)
runpy.run_path(str(Path(__file__).with_name("official.py")), run_name="__main__")
