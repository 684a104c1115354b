package embedded

import (
	"context"
	"errors"
	"time"

	namespacepb "go.temporal.io/api/namespace/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/server/common/config"
	sqliteschema "go.temporal.io/server/schema/sqlite"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/types/known/durationpb"
)

// frontendService is the name under which the frontend reports its health.
const frontendService = "temporal.api.workflowservice.v1.WorkflowService"

// makeNamespace makes the namespace if it is missing, before the engine runs: registering through a running engine
// takes until its caches are refreshed.
func makeNamespace(store *config.SQL, name string, retention time.Duration) error {
	namespace, err := sqliteschema.NewNamespaceConfig(clusterName, name, false, nil)
	if err == nil {
		namespace.Detail.Config.Retention = durationpb.New(retention)
		err = sqliteschema.CreateNamespaces(store, namespace)
	}
	if err != nil {
		return fail(CodeStorage, err, "无法建立命名空间 %s", name)
	}
	return nil
}

// waitUntilServing returns when the frontend answers for the namespaces, whose retentions it brings to what was asked.
func (s *Server) waitUntilServing(ctx context.Context, namespaces map[string]time.Duration) (err error) {
	conn, err := grpc.NewClient("passthrough:///"+s.hostPort,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 10 * time.Millisecond, Multiplier: 1.5, MaxDelay: 100 * time.Millisecond},
			MinConnectTimeout: time.Second,
		}))
	if err != nil {
		return fail(CodeNotReady, err, "无法连接引擎")
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := watchHealth(ctx, conn); err != nil {
		return fail(CodeNotReady, err, "引擎未能在限定时间内就绪")
	}
	for name, retention := range namespaces {
		if err := keepFor(ctx, conn, name, retention); err != nil {
			return fail(CodeNotReady, err, "无法读取或设置命名空间 %s", name)
		}
	}
	return nil
}

// watchHealth follows the health of the frontend until it serves. The port opens before that.
func watchHealth(ctx context.Context, conn *grpc.ClientConn) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the stream
	stream, err := healthpb.NewHealthClient(conn).Watch(ctx,
		&healthpb.HealthCheckRequest{Service: frontendService}, grpc.WaitForReady(true))
	if err != nil {
		return err
	}
	for {
		health, err := stream.Recv()
		if err != nil {
			return err
		}
		if health.GetStatus() == healthpb.HealthCheckResponse_SERVING {
			return nil
		}
	}
}

// keepFor sets the retention of a namespace that was made with another one.
func keepFor(ctx context.Context, conn *grpc.ClientConn, name string, retention time.Duration) error {
	frontend := workflowservice.NewWorkflowServiceClient(conn)
	have, err := frontend.DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: name})
	if err != nil {
		return err
	}
	if have.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration() == retention {
		return nil
	}
	_, err = frontend.UpdateNamespace(ctx, &workflowservice.UpdateNamespaceRequest{
		Namespace: name,
		Config:    &namespacepb.NamespaceConfig{WorkflowExecutionRetentionTtl: durationpb.New(retention)},
	})
	return err
}
