package embedded

import (
	"fmt"
	"net"
	"strconv"
	"time"

	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/primitives"
	"go.temporal.io/server/temporal"
)

const (
	loopback    = "127.0.0.1"
	clusterName = "active"
	storeName   = "gongzhi"
	shards      = 1 // fixed for ever when the file is made; more shards gain nothing on one SQLite connection
)

// storeConfig describes the data file to the engine. The instance distinguishes one start from the next in the same
// process: the engine's SQLite plugin keeps its connections for ever, by name, and would otherwise hand out a
// connection to a file that a migration has renamed since. SQLite ignores the parameter "setup".
func storeConfig(path, instance string) *config.SQL {
	return &config.SQL{
		PluginName:   pluginName,
		DatabaseName: uriPath(path),
		MaxConns:     1, // SQLite has one writer; eight connections halved the throughput
		MaxIdleConns: 1,
		ConnectAttributes: map[string]string{
			"mode":               "rw", // never make an empty file: prepare has made a whole one
			"setup":              instance,
			"busy_timeout":       "10000", // milliseconds
			"journal_mode":       "wal",
			"journal_size_limit": "67108864", // bytes; a burst of writes does not leave a huge log for ever
			"synchronous":        "2",        // FULL: what the engine acknowledged survives a power cut
		},
	}
}

// dynamicValues are the settings that differ from the engine's defaults.
func dynamicValues() dynamicconfig.StaticClient {
	return dynamicconfig.StaticClient{
		// Operators see a failing workflow at its first failed task (26 ms), not at the fifth (30 to 54 s).
		dynamicconfig.NumConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute.Key(): 1,
		// The console's lists share one frontend; the default of 10 a second refuses them.
		dynamicconfig.FrontendMaxNamespaceVisibilityRPSPerInstance.Key(): 100,
		// Each page of a list is found from the beginning of the index: a hundred thousand open cases are listed in ten pages, not in
		// a hundred.
		dynamicconfig.FrontendVisibilityMaxPageSize.Key(): 10_000,
		// The columns of the SQL schema hold 255 characters.
		dynamicconfig.MaxIDLengthLimit.Key(): 255,
		// After a repair a failing workflow goes on within a minute, not within ten.
		dynamicconfig.WorkflowTaskRetryMaxInterval.Key(): time.Minute,
		// Operators may hold a case.
		dynamicconfig.WorkflowPauseEnabled.Key(): true,
		// Nothing leaves the machine: by default the frontend reports its version to the maker once a day.
		dynamicconfig.EnableServerVersionCheck.Key(): false,
		// One process and one connection: four partitions of every task queue only cost memory and latency.
		dynamicconfig.MatchingNumTaskqueueReadPartitions.Key():  1,
		dynamicconfig.MatchingNumTaskqueueWritePartitions.Key(): 1,
		// The default of 512 goroutines for each queue would wait for the same connection. Two are enough to let timers run out: when
		// thousands do at once, what they wake has to be worked on as fast as it comes.
		dynamicconfig.TransferProcessorSchedulerWorkerCount.Key(): schedulerWorkers,
		dynamicconfig.TimerProcessorSchedulerWorkerCount.Key():    2,
		// Timers are looked up through an index (plugin.go): with the default of 20 lookups a second, thousands that run out at once
		// would wait to be read while the processor rests.
		dynamicconfig.TimerProcessorMaxPollRPS.Key(): 200,
		// A second with more timers than two pages hold is no fault: by default the third look at it puts it behind all later ones.
		dynamicconfig.QueueReaderStuckCriticalAttempts.Key():                    1000,
		dynamicconfig.VisibilityProcessorSchedulerWorkerCount.Key():             schedulerWorkers,
		dynamicconfig.MemoryTimerProcessorSchedulerWorkerCount.Key():            schedulerWorkers,
		dynamicconfig.ReplicationProcessorSchedulerWorkerCount.Key():            1, // there is no second cluster
		dynamicconfig.ReplicationLowPriorityProcessorSchedulerWorkerCount.Key(): 1,
	}
}

const schedulerWorkers = 32

// newEngine builds the engine and binds its listeners. ports has one port for each of the engine's services, the
// frontend's first.
func newEngine(store *config.SQL, ports []int, logger log.Logger) (temporal.Server, error) {
	frontend := net.JoinHostPort(loopback, strconv.Itoa(ports[0]))
	off := config.HistoryArchival{State: "disabled"}
	settings := &config.Config{
		Global: config.Global{Membership: config.Membership{
			MaxJoinDuration: 30 * time.Second, BroadcastAddress: loopback,
		}}, // Metrics and PProf stay unset: each would open a port
		Persistence: config.Persistence{
			DefaultStore: storeName, VisibilityStore: storeName, NumHistoryShards: shards,
			DataStores: map[string]config.DataStore{storeName: {SQL: store}},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10, MasterClusterName: clusterName, CurrentClusterName: clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{clusterName: {
				Enabled: true, InitialFailoverVersion: 1, RPCAddress: frontend,
			}},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Archival:            config.Archival{History: off, Visibility: config.VisibilityArchival{State: "disabled"}},
		NamespaceDefaults: config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
			History:    config.HistoryArchivalNamespaceDefaults{State: "disabled"},
			Visibility: config.VisibilityArchivalNamespaceDefaults{State: "disabled"},
		}},
		PublicClient: config.PublicClient{HostPort: frontend},
		Services:     map[string]config.Service{},
	}
	hosts := map[primitives.ServiceName]static.Hosts{}
	for i, service := range temporal.DefaultServices {
		settings.Services[service] = config.Service{RPC: config.RPC{BindOnIP: loopback, GRPCPort: ports[i]}}
		hosts[primitives.ServiceName(service)] = static.SingleLocalHost(net.JoinHostPort(loopback, strconv.Itoa(ports[i])))
	}
	engine, err := temporal.NewServer(
		temporal.WithConfig(settings),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithStaticHosts(hosts),
		temporal.WithLogger(logger),
		// Only this process and its machine reach the port; who may do what is decided by the platform's own API.
		temporal.WithAuthorizer(authorization.NewNoopAuthorizer()),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper {
			return authorization.NewNoopClaimMapper()
		}),
		temporal.WithDynamicConfigClient(dynamicValues()),
	)
	if err != nil {
		return nil, fmt.Errorf("new server: %w", err)
	}
	return engine, nil
}

// pickPorts finds n free ports on the loopback address; a first port other than 0 is taken as it is. All are held at
// once, so that they differ, and given free just before the engine binds them.
func pickPorts(n, first int) ([]int, error) {
	ports := make([]int, 0, n)
	for i := range n {
		wanted := 0
		if i == 0 {
			wanted = first
		}
		listener, err := net.Listen("tcp", net.JoinHostPort(loopback, strconv.Itoa(wanted)))
		if err != nil {
			return nil, err
		}
		defer func() { _ = listener.Close() }() // only held for a moment, nothing was accepted
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
