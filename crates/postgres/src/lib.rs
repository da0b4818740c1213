//! The stores of Cardlift over Postgres
