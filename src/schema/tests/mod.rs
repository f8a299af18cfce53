mod properties;
mod records;
mod values;
