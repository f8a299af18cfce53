//! Walks a value along a path, and counts the steps.

use std::cell::Cell;
use std::cmp::Ordering;

use serde_json::Value;

use super::path::{Comparison, Condition, Operand, Segment, Selector};
use crate::json;

/// The end of a walk before its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Found,
    Steps,
    Bytes,
}

type Walk<T = ()> = Result<T, Stop>;

pub(super) struct Search<'v> {
    root: &'v Value,
    steps: Cell<usize>,
}

impl<'v> Search<'v> {
    pub(super) fn new(root: &'v Value, steps: usize) -> Self {
        let steps = Cell::new(steps);
        Self { root, steps }
    }

    /// Calls `found` with every place that `path` leads to from `at`.
    pub(super) fn walk(
        &self,
        at: &'v Value,
        path: &[Segment],
        found: &mut dyn FnMut(&'v Value) -> Walk,
    ) -> Walk {
        self.spend(1)?;
        let Some((segment, rest)) = path.split_first() else {
            return found(at);
        };
        self.select(at, &segment.selector, &mut |next| {
            self.walk(next, rest, found)
        })?;
        if segment.deep {
            children(at).try_for_each(|child| self.walk(child, path, found))?;
        }
        Ok(())
    }

    fn select(
        &self,
        at: &'v Value,
        selector: &Selector,
        each: &mut dyn FnMut(&'v Value) -> Walk,
    ) -> Walk {
        match (selector, at) {
            (Selector::Names(names), Value::Object(members)) => {
                self.spend(names.len())?;
                let mut named = names.iter().filter_map(|name| members.get(name));
                named.try_for_each(each)
            }
            (Selector::Slices(slices), Value::Array(items)) => {
                self.spend(slices.len())?;
                let positions = slices.iter().flat_map(|slice| slice.positions(items.len()));
                positions.filter_map(|at| items.get(at)).try_for_each(each)
            }
            (Selector::Members, Value::Object(_)) | (Selector::Elements, _) => {
                children(at).try_for_each(each)
            }
            (Selector::Filter(condition), _) => {
                children(at).try_for_each(|child| match self.holds(condition, child)? {
                    true => each(child),
                    false => Ok(()),
                })
            }
            (Selector::Names(_) | Selector::Members | Selector::Slices(_), _) => Ok(()),
        }
    }

    fn holds(&self, condition: &Condition, at: &'v Value) -> Walk<bool> {
        match condition {
            Condition::Any(several) => {
                for one in several {
                    if self.holds(one, at)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Condition::All(several) => {
                for one in several {
                    if !self.holds(one, at)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Condition::Not(inner) => Ok(!self.holds(inner, at)?),
            Condition::Leads(path) => self.leads(at, path, &|_| Ok(true)),
            Condition::Compares(path, comparison, operand) => {
                let compares = |left: &'v Value, right: &Value| {
                    self.spend(json::size(right) / 64)?;
                    Ok(compares(left, *comparison, right))
                };
                self.leads(at, path, &|left| match operand {
                    Operand::Literal(right) => compares(left, right),
                    Operand::FromRoot(path) => {
                        self.leads(self.root, path, &|right| compares(left, right))
                    }
                    Operand::FromHere(path) => self.leads(at, path, &|right| compares(left, right)),
                })
            }
        }
    }

    /// Whether `path` leads to a place that satisfies `is_it`.
    fn leads(
        &self,
        at: &'v Value,
        path: &[Segment],
        is_it: &dyn Fn(&'v Value) -> Walk<bool>,
    ) -> Walk<bool> {
        let ended = self.walk(at, path, &mut |place| match is_it(place)? {
            true => Err(Stop::Found),
            false => Ok(()),
        });
        match ended {
            Ok(()) => Ok(false),
            Err(Stop::Found) => Ok(true),
            Err(stop) => Err(stop),
        }
    }

    fn spend(&self, steps: usize) -> Walk {
        let left = self.steps.get().checked_sub(steps).ok_or(Stop::Steps)?;
        self.steps.set(left);
        Ok(())
    }
}

fn children(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(members) => Box::new(members.values()),
        _ => Box::new(std::iter::empty()),
    }
}

/// As in the official dialect, null is unequal to nothing, and a number equals a text that spells it.
fn compares(left: &Value, comparison: Comparison, right: &Value) -> bool {
    let ordering = match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            json::compare_numbers(left.as_str(), right.as_str())
        }
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => (left == right).then_some(Ordering::Equal),
    };
    let spells = matches!((left, right), (Value::String(text), Value::Number(number)) if text == number.as_str());
    let equal = ordering == Some(Ordering::Equal);
    match comparison {
        Comparison::Equal => equal || spells,
        Comparison::Unequal => !equal && !spells && !left.is_null(),
        Comparison::Less => ordering == Some(Ordering::Less),
        Comparison::LessOrEqual => equal || ordering == Some(Ordering::Less),
        Comparison::Greater => ordering == Some(Ordering::Greater),
        Comparison::GreaterOrEqual => equal || ordering == Some(Ordering::Greater),
    }
}
