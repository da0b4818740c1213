//! The stores of Cardlift in one embedded SQLite file
