package embedded

import "fmt"

// Stable codes of the errors this package returns. Callers compare codes, never texts.
const (
	CodeOptions   = "embedded.options"      // an option is missing or not allowed
	CodeLocked    = "embedded.locked"       // another process runs on the same folder
	CodeStorage   = "embedded.storage"      // the folder or the file cannot be read or written
	CodeForeign   = "embedded.foreign"      // the file was not made by this package
	CodeNewer     = "embedded.newer"        // the file was written by a newer engine
	CodeMigration = "embedded.migration"    // copying into the new schema failed; the old file is untouched
	CodePort      = "embedded.port"         // no listening port could be had
	CodeStart     = "embedded.start"        // the engine refused to start
	CodeNotReady  = "embedded.not_ready"    // the engine did not serve in time
	CodeStop      = "embedded.stop"         // the engine reported an error while stopping
	CodeStopLate  = "embedded.stop_timeout" // the engine did not stop in time; the folder stays locked
)

// Error is an error with a stable code, a Chinese sentence for the operator's screen and the cause.
type Error struct {
	Code    string // one of the Code constants
	Message string // a sentence in Chinese
	Cause   error  // may be nil; for logs, not for screens
}

// Error implements error: sentence, code, cause.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s [%s]", e.Message, e.Code)
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap returns the cause, so that errors.Is and errors.As see it.
func (e *Error) Unwrap() error { return e.Cause }

func fail(code string, cause error, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Cause: cause}
}
