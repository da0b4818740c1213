//! Black-box tests of the running program
