package rules

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
)

// Ratio is a share that a part of a whole must reach. Words of Chinese law that
// include the number (以上, 不少于) are not strict, words that exclude it (超过, 过半数)
// are strict (Civil Code, 民法典, art. 1259).
type Ratio struct {
	Num    int64 `json:"num"`
	Den    int64 `json:"den"`
	Strict bool  `json:"strict"`
}

// Ratios that the laws name. One law may use both words on purpose: the residents'
// committee law asks for more than 2/3 of the representatives at an election and
// for 2/3 or more at their meetings.
var (
	MoreThanHalf = Ratio{Num: 1, Den: 2, Strict: true} // 过半数
	MoreThan2of3 = Ratio{Num: 2, Den: 3, Strict: true} // 超过三分之二
	AtLeast2of3  = Ratio{Num: 2, Den: 3}               // 三分之二以上
	AtLeast3of4  = Ratio{Num: 3, Den: 4}               // 四分之三以上
	AtLeast1of3  = Ratio{Num: 1, Den: 3}               // 三分之一以上
	AtLeast4of5  = Ratio{Num: 4, Den: 5}               // 五分之四以上
	AtLeast1of5  = Ratio{Num: 1, Den: 5}               // 五分之一（20%）以上
	AtLeast1of10 = Ratio{Num: 1, Den: 10}              // 十分之一以上
)

// Unreachable is what Ratio.Least returns when no count passes.
const Unreachable = math.MaxInt64

// Valid tells whether r is a share: a denominator above 0, a numerator not below 0.
func (r Ratio) Valid() bool { return r.Den > 0 && r.Num >= 0 }

// OK tells whether part of whole reaches the ratio, exactly, by comparing
// part×Den with whole×Num in 128 bits. It is false for an empty whole (nothing can
// be decided by nobody), for negative numbers and for an invalid ratio.
func (r Ratio) OK(part, whole int64) bool {
	if !r.Valid() || part < 0 || whole <= 0 {
		return false
	}
	leftHigh, leftLow := bits.Mul64(uint64(part), uint64(r.Den))
	rightHigh, rightLow := bits.Mul64(uint64(whole), uint64(r.Num))
	if leftHigh != rightHigh {
		return leftHigh > rightHigh
	}
	if r.Strict {
		return leftLow > rightLow
	}
	return leftLow >= rightLow
}

// Least returns the smallest part of whole that is OK, or Unreachable when there is
// none: an empty or negative whole, an invalid ratio, or a count beyond int64.
func (r Ratio) Least(whole int64) int64 {
	if !r.Valid() || whole <= 0 {
		return Unreachable
	}
	product := new(big.Int).Mul(big.NewInt(whole), big.NewInt(r.Num))
	least, rest := new(big.Int).QuoRem(product, big.NewInt(r.Den), new(big.Int))
	if r.Strict || rest.Sign() != 0 {
		least.Add(least, big.NewInt(1))
	}
	if !least.IsInt64() {
		return Unreachable
	}
	return least.Int64()
}

// String returns the ratio in Chinese: 2/3 以上, 超过 1/2.
func (r Ratio) String() string {
	if r.Strict {
		return fmt.Sprintf("超过 %d/%d", r.Num, r.Den)
	}
	return fmt.Sprintf("%d/%d 以上", r.Num, r.Den)
}

// PercentFloor returns part of whole as a percentage with two digits, rounded down:
// 66.66%. It is for display beside the exact fraction only; no decision may rest on
// it. It returns a dash when there is no share to show.
func PercentFloor(part, whole int64) string {
	if part < 0 || whole <= 0 {
		return "—"
	}
	points := new(big.Int).Mul(big.NewInt(part), big.NewInt(10_000))
	points.Quo(points, big.NewInt(whole))
	percent, hundredths := new(big.Int).QuoRem(points, big.NewInt(100), new(big.Int))
	return fmt.Sprintf("%s.%02d%%", percent, hundredths.Int64())
}
