package rules

import (
	"math"
	"math/big"
	"time"
)

const half = 0.5 // want `floating-point type untyped float`

type share float64 // want `floating-point type float64`

type roll struct {
	heads int64
	area  float32 // want `floating-point type float32`
}

type number interface {
	~int64 | ~float64 // want `floating-point type`
}

func reached(yes, all int64) bool {
	return float64(yes)/float64(all) >= 2/3 // want `floating-point type float64`
}

func hidden(d time.Duration) bool {
	h := d.Hours()    // want `floating-point type float64`
	return int(h) > 1 // want `floating-point type float64`
}

func rounded(n int64) int64 {
	return int64(math.Round(3e2)) // want `floating-point type float64`
}

func arbitrary() *big.Float { // want `floating-point type \*math/big.Float`
	return nil
}

func decoded(v any) bool {
	_, ok := v.(float64) // want `floating-point type`
	return ok
}

func exact(yes, all, num, den int64) bool {
	return yes*den >= all*num && all < math.MaxInt64
}
