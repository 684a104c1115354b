package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"gongzhi/app"
	"gongzhi/demo"
	"gongzhi/embedded"
	"gongzhi/server"
	"gongzhi/store"
)

// up runs everything on one folder.
type up struct {
	data, listen string
	metrics      string
	demo         bool
	now          string
	speed        int64
}

func upCommand() *cobra.Command {
	u := &up{}
	c := &cobra.Command{Use: "up", Short: "在一个目录里启动全部：流程引擎、数据库、办理程序、接口和页面", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return u.run(c) }}
	f := c.Flags()
	f.StringVar(&u.data, "data", "./data", "数据目录")
	f.StringVar(&u.listen, "listen", "127.0.0.1:8080", "监听地址")
	f.StringVar(&u.metrics, "metrics", "", "指标和健康检查的监听地址，如 127.0.0.1:9464；空则不开")
	f.BoolVar(&u.demo, "demo", false, "演示：装入虚构的星梧区，使用虚拟时间")
	f.StringVar(&u.now, "now", "2026-09-07T09:00:00+08:00", "演示的起始时间（仅 --demo）")
	f.Int64Var(&u.speed, "speed", 1, "演示的时间倍速（仅 --demo）")
	return c
}

func (u *up) run(c *cobra.Command) error {
	ctx, out := c.Context(), c.OutOrStdout()
	started := time.Now()
	if err := u.check(c); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(c.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelInfo}))
	eng, err := embedded.Start(ctx, embedded.Options{Dir: u.data, Logger: log, Beside: map[string]time.Duration{
		app.SweepsNamespace(embedded.DefaultNamespace): 24 * time.Hour}})
	if err != nil {
		return err
	}
	stopEngine := func() error { return eng.Stop() }
	cfg, parts, err := u.config(ctx, eng, log)
	if err != nil {
		return errors.Join(err, stopEngine())
	}
	app.KeepMemory(ctx)
	a, err := app.New(ctx, cfg, parts)
	if err != nil {
		return errors.Join(err, stopEngine())
	}
	u.announce(out, a.Addr, time.Since(started))
	if a.Metrics != "" {
		fmt.Fprintf(out, "指标：http://%s/metrics\n", a.Metrics)
	}
	return errors.Join(a.Run(ctx), stopEngine())
}

// check refuses what can be judged from the command line.
func (u *up) check(c *cobra.Command) error {
	var errs []error
	if !u.demo && (c.Flags().Changed("now") || c.Flags().Changed("speed")) {
		errs = append(errs, errors.New("--now 和 --speed 是虚拟时间，只能与 --demo 一起使用"))
	}
	if u.speed < 1 || u.speed > 1_000_000 {
		errs = append(errs, errors.New("--speed 须在 1 至 1000000 之间"))
	}
	if _, err := time.Parse(time.RFC3339, u.now); err != nil {
		errs = append(errs, errors.New("--now 应写作 2026-09-07T09:00:00+08:00"))
	}
	if _, _, err := net.SplitHostPort(u.listen); err != nil {
		errs = append(errs, fmt.Errorf("--listen：%w", err))
	}
	return errors.Join(errs...)
}

func (u *up) config(ctx context.Context, eng *embedded.Server, log *slog.Logger) (app.Config, app.Parts, error) {
	dir, err := filepath.Abs(u.data)
	if err != nil {
		return app.Config{}, app.Parts{}, err
	}
	files := filepath.Join(dir, "files")
	if err := os.MkdirAll(files, 0o700); err != nil {
		return app.Config{}, app.Parts{}, err
	}
	cfg, err := app.Load(os.Getenv)
	if err != nil {
		return cfg, app.Parts{}, err
	}
	cfg.DatabaseURL, cfg.BlobURL = "sqlite:"+filepath.Join(dir, "gongzhi.db"), "file://"+files+"?no_tmp_dir=true"
	cfg.BallotKeyFile = filepath.Join(dir, "ballot.key")
	cfg.TemporalAddress, cfg.TemporalNamespace, cfg.Listen = eng.HostPort(), eng.Namespace(), u.listen
	if u.metrics != "" {
		cfg.MetricsListen = u.metrics
	}
	parts := app.Parts{Server: true, Worker: true, Logger: log}
	if err := store.Migrate(ctx, cfg.DatabaseURL); err != nil {
		return cfg, parts, err
	}
	if u.demo {
		at, err := time.Parse(time.RFC3339, u.now)
		if err != nil {
			return cfg, parts, err
		}
		if cfg.SMSFile == "" { // a channel to choose, that reaches nobody
			cfg.SMSFile = filepath.Join(dir, "sms.jsonl")
		}
		parts.Demo = &app.Demo{Now: at, Speed: u.speed, Password: demo.Password,
			Seed: func(ctx context.Context, s *store.Store) error { return demo.Seed(ctx, s, server.HashPassword) }}
	}
	return cfg, parts, nil
}

// announce tells a newcomer where to go.
func (u *up) announce(out io.Writer, addr string, took time.Duration) {
	fmt.Fprintf(out, "共治已启动（%d 毫秒）：http://%s\n", took.Milliseconds(), addr)
	if !u.demo {
		return
	}
	fmt.Fprintf(out, "演示：虚构的星梧区，所有账号的密码都是 %s\n", demo.Password)
	for _, p := range demo.People() {
		fmt.Fprintf(out, "  %-14s %s %s\n", p.Login, p.Name, p.Posts[0].Role.Title())
	}
	fmt.Fprintf(out, "看一遍完整的社区工作准入：gongzhi demo admission --url http://%[1]s\n看三次表决：gongzhi demo consent --url http://%[1]s\n"+
		"看每种卡点怎样发现和处置：gongzhi demo stuck --url http://%[1]s\n", addr)
}
