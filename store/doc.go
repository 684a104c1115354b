// Package store keeps the record of every case and what people see of it, in SQLite or PostgreSQL. It is the only
// importer of GORM.
//
// The record is a log of events (事件), hash-chained per case. Everything on a screen is a projection folded from those
// events in the same transaction that appends them; Rebuild folds them again and changes nothing.
//
// Refusals are *procedure.Error with a stable code; any other error is a fault of the database or the program.
package store
