//! The yardsticks.
