// Package calendar reckons legal time: civil days, working days (工作日) with
// the State Council's breaks and make-up days (放假、调休、补班) as dated and
// sourced data, and deadlines (期限) with a ledger that says for every single day
// whether it counts and why.
//
// The package is pure: it reads no wall clock, no file and no network. Every
// result depends on its arguments and on the tables of the Calendar alone.
//
// How days are counted:
//
//   - The day of the event is not counted; periods in hours run from the stated
//     moment (Civil Code, 民法典, art. 201).
//   - A period of months or years ends on the matching day, or on the last day of
//     the month when there is none (art. 202).
//   - When the last day is a day off, it moves to the next working day; the last
//     day ends at 24:00 (art. 203).
//   - Make-up Saturdays and Sundays are working days.
//   - A backward deadline ("20 days before the election") never moves later.
package calendar
