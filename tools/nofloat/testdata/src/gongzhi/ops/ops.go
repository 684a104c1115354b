package ops

// A gauge is no vote.
var gauge = 0.5
