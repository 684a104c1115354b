package imports

// Rule says what the packages of one folder may import. A folder below it follows the same rule unless it has its own.
// What lies below a package's own folder may always be imported, and so may the standard library and foreign modules,
// except what Never names.
type Rule struct {
	Folder string   // relative to the module root
	Ours   []string // folders of this module that may be imported, with everything below them; "*" is all of them
	Never  []string // import paths that may not be imported, with everything below them
}

const (
	temporal = "go.temporal.io"
	server   = "go.temporal.io/server"
	gin      = "github.com/gin-gonic/gin"
	gorm     = "gorm.io"
)

var (
	// pure are the packages without effects: law, time, the description of procedures and the rows folded from events.
	pure = []string{"rules", "calendar", "procedure", "record"}
	// effects reach outside of the process. Pure packages and workflows stay away from them.
	effects = []string{"os", "net", "syscall", "database/sql", "log"}
	// frameworks stay away from the pure packages.
	frameworks = []string{temporal, gin, gorm}
)

// Table is the direction of the house. A package that no row covers fails the check, so that nobody adds a folder
// without deciding where it stands.
//
//	write   console -> server -> Temporal client -> workflow -> activity -> store
//	read    console -> server -> store.Reader
//	ballot  console -> server -> ballot -> store
var Table = []Rule{
	{Folder: "rules", Never: join(frameworks, effects)},
	{Folder: "calendar", Never: join(frameworks, effects)},
	{Folder: "procedure", Ours: []string{"rules", "calendar", "procedure"}, Never: join(frameworks, effects)},

	{Folder: "record", Ours: pure, Never: join(frameworks, effects)},

	{Folder: "activities", Ours: join(pure, []string{"ballot", "notify"}), Never: []string{gin, gorm, server}},
	{Folder: "workflows", Ours: join(pure, []string{"activities", "ballot", "notify"}), Never: join(effects, []string{gin, gorm, server})},
	{Folder: "worker", Ours: join(pure, []string{"workflows", "activities"}), Never: []string{gin, gorm, server}},

	// What a program says about itself is handed to it: it reads neither cases nor the database.
	{Folder: "telemetry", Never: frameworks},
	{Folder: "telemetry/temporal", Ours: []string{"telemetry"}, Never: []string{gin, gorm, server}},

	{Folder: "batch", Never: join(frameworks, effects)},
	{Folder: "store", Ours: join(pure, []string{"ballot", "batch", "notify", "ops", "telemetry"}), Never: []string{temporal, gin}},
	{Folder: "store/storetest", Ours: join(pure, []string{"ballot", "notify", "ops", "store", "test/pgtest"}), Never: []string{temporal, gin}},
	{Folder: "ballot", Ours: join(pure, []string{"batch"}), Never: join(frameworks, effects)},
	// A recount is worth something only if it shares no code with the count.
	{Folder: "verify", Never: join(frameworks, effects)},
	// What is said to whom, and when, is pure; only the channels below reach outside.
	{Folder: "notify", Ours: pure, Never: join(frameworks, []string{"os", "net/http", "database/sql", "log"})},
	{Folder: "notify/channel", Ours: join(pure, []string{"notify"}), Never: frameworks},
	{Folder: "ops", Ours: pure, Never: []string{gin, gorm, server}},
	{Folder: "engine", Ours: pure, Never: []string{gin, gorm, server}},
	{Folder: "server", Ours: join(pure, []string{"ballot", "notify", "ops", "telemetry"}), Never: []string{gorm, server}},

	{Folder: "embedded", Ours: []string{"calendar"}, Never: []string{gin, gorm}},
	{Folder: "web", Never: frameworks},
	{Folder: "demo", Ours: join(pure, []string{"ballot", "verify"}), Never: []string{gin, gorm, server}},

	// The places where packages are joined. GORM stays in store, and Temporal's server in embedded, which only cmd/gongzhi imports.
	{Folder: "app", Ours: []string{"*"}, Never: []string{gorm, server, "gongzhi/embedded", "gongzhi/test"}},
	{Folder: "cmd", Ours: []string{"*"}, Never: []string{gorm, server, "gongzhi/embedded", "gongzhi/test"}},
	{Folder: "cmd/gongzhi", Ours: []string{"*"}, Never: []string{gorm, server, "gongzhi/test"}},
	{Folder: "test", Ours: []string{"*"}, Never: []string{gorm}},
	{Folder: "deploy", Ours: []string{"app"}, Never: frameworks},
}

// exceptions are imports of ours that a row would allow but the direction does not: a procedure's kit never knows its kinds.
var exceptions = []struct{ From, To, Reason string }{
	{From: "procedure", To: "procedure/", Reason: "procedure must not know the kinds of procedures below it"},
}

func join(lists ...[]string) []string {
	var all []string
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}
