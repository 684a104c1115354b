package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/types/known/durationpb"
)

const (
	// sweepsRetention is how long a finished sweep stays readable: the shortest time that Temporal allows.
	sweepsRetention = 24 * time.Hour
	// namespaceLimit bounds the wait for a new namespace. Temporal's servers read their list of namespaces every 10 seconds.
	namespaceLimit = 30 * time.Second
	namespaceAgain = 200 * time.Millisecond
)

// ensureNamespace makes the namespace of the housekeeping where it is missing, and waits until the engine serves it. The namespace
// of the cases is made by the operator, who decides how long histories are kept.
func ensureNamespace(ctx context.Context, c client.Client, name string) error {
	ctx, cancel := context.WithTimeout(ctx, namespaceLimit)
	defer cancel()
	service := c.WorkflowService()
	_, err := service.DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: name})
	var missing *serviceerror.NamespaceNotFound
	if !errors.As(err, &missing) {
		return err
	}
	_, err = service.RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
		Namespace: name, Description: "gongzhi: scheduled sweeps", WorkflowExecutionRetentionPeriod: durationpb.New(sweepsRetention),
	})
	var exists *serviceerror.NamespaceAlreadyExists // another worker was faster
	if err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("make namespace %s: %w", name, err)
	}
	again := time.NewTicker(namespaceAgain)
	defer again.Stop()
	for {
		// Any call that goes through the list of namespaces shows whether it is in there.
		_, err := service.ListSchedules(ctx, &workflowservice.ListSchedulesRequest{Namespace: name, MaximumPageSize: 1})
		if !errors.As(err, &missing) {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return fmt.Errorf("namespace %s is not served: %w", name, err)
		}
	}
}
