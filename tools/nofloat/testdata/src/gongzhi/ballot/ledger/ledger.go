package ledger

var turnout = 1e-3 // want `floating-point type float64`
