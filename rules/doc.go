// Package rules is the arithmetic of the law: exact ratios, rule packs (规则包) with
// the source and the confidence of every figure, the comparison of a matter with the
// task lists (清单), and the count, the judgment and the forecast of a vote on a
// renovation (表决). It is pure, holds no floating-point number and imports nothing of
// this project.
package rules
