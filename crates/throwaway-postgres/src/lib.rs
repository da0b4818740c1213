//! A throwaway Postgres cluster for tests, with a database per test cloned from a template
