package rules

// A test may show what a float would have got wrong.
var wrong = 0.1 + 0.2
