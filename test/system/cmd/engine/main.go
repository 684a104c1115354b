// Command engine is a Temporal of its own, as an installation has one: a process that can be killed apart from those that use it.
//
//	engine FOLDER 127.0.0.1:PORT NAMESPACE…
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"gongzhi/embedded"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir, listen string, beside []string) error {
	namespaces := map[string]time.Duration{}
	for _, name := range beside {
		namespaces[name] = 24 * time.Hour
	}
	s, err := embedded.Start(ctx, embedded.Options{Dir: dir, HostPort: listen, Beside: namespaces})
	if err != nil {
		return err
	}
	fmt.Println("the engine answers")
	<-ctx.Done()
	return s.Stop()
}
