//! The core of `ksm`: everything that knows neither flags nor a terminal.
