package store

import "gongzhi/procedure"

// Codes of the refusals of this package. They are stable: the API hands them on.
const (
	CodeUnmigrated = "schema.unmigrated"
	CodeOlder      = "schema.older"
	CodeNewer      = "schema.newer"
	CodeURL        = "store.url"
	CodeUnsafe     = "store.unsafe"

	CodeGap       = "record.gap"
	CodeConflict  = "record.conflict"
	CodeEvent     = "record.invalid"
	CodeReference = "record.reference"

	CodeCase       = "case.not_found"
	CodeCaseOpen   = "case.open"
	CodeReapplied  = "case.reapplied"
	CodeTask       = "task.not_found"
	CodeCopy       = "copy.not_found"
	CodeCopyRead   = "copy.read"
	CodeCommand    = "command.not_found"
	CodeIdempotent = "idempotency.conflict"
	CodeRunning    = "idempotency.running"
	CodeCursor     = "cursor.invalid"
	CodeLimit      = "page.limit"
	CodeFilter     = "filter.invalid"
	CodeText       = "text.invalid"
	CodeAttachment = "attachment.not_found"
	CodeAttached   = "attachment.used"
	CodeDraft      = "draft.not_found"
	CodeStale      = "draft.stale"
	CodeUser       = "user.not_found"
	CodeUserExists = "user.exists"
	CodeUnit       = "unit.not_found"
	CodePost       = "post.not_found"
	CodeDelegation = "delegation.not_found"
	CodeTerm       = "term.invalid"
	CodeList       = "list.not_found"
	CodeListExists = "list.exists"
	CodeVersion    = "list.version"
	CodeNotice     = "notice.not_found"
	CodeCalendar   = "calendar.not_found"
	CodeCounter    = "counter.lower"
	CodeSeat       = "seat.invalid"
	CodeIncident   = "incident.not_found"
	CodeView       = "view.not_found"
	CodeViews      = "view.many"
)

func notFound(code, format string, args ...any) error {
	return procedure.Errorf(procedure.NotFound, code, format, args...)
}

func invalid(code, format string, args ...any) error {
	return procedure.Errorf(procedure.Invalid, code, format, args...)
}

func conflict(code, format string, args ...any) error {
	return procedure.Errorf(procedure.Conflict, code, format, args...)
}
