package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"gongzhi/calendar"
	"gongzhi/demo"
)

func demoCommand() *cobra.Command {
	var base string
	c := &cobra.Command{Use: "demo", Short: "在运行中的演示里演一遍"}
	c.PersistentFlags().StringVar(&base, "url", "http://127.0.0.1:8080", "运行中的 gongzhi up --demo 的地址")
	var to string
	jump := &cobra.Command{Use: "jump", Short: "把演示时间快进到下一个期限", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			who, err := demo.SignIn(c.Context(), base, "ops.bai", demo.Password)
			if err != nil {
				return err
			}
			var now struct{ Now time.Time }
			if err := who.Do(c.Context(), "POST", "/clock/jump", map[string]string{"to": to}, &now); err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), "演示时间："+now.Now.In(calendar.Zone).Format("2006-01-02 15:04"))
			return nil
		}}
	jump.Flags().StringVar(&to, "to", "next", "next，或 2026-09-28T15:00:00+08:00")
	var open bool
	consent := &cobra.Command{Use: "consent", Short: "改造事项表决：听雨花园一次通过、一次差一人未通过，槐荫社区恰好四分之三", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			out := c.OutOrStdout()
			if !open {
				return demo.Consent(c.Context(), base, out)
			}
			number, codes, err := demo.OpenVote(c.Context(), base, out)
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "表决 %s 已开始。用手机打开 %s/v，输入投票口令即可投票，例如：%s、%s、%s\n", number, base, codes[0], codes[1], codes[2])
			return nil
		}}
	consent.Flags().BoolVar(&open, "open", false, "只演到槐荫社区的表决开始，打印几个投票口令，供自己投票")
	c.AddCommand(&cobra.Command{Use: "admission", Short: "社区工作准入：从申请到退出，以及被负面清单拦下的反例", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return demo.Admission(c.Context(), base, c.OutOrStdout())
		}}, &cobra.Command{Use: "stuck", Short: "运行监控：每种卡点各造一件，列出清单，逐件处置，清单回到空（一两分钟）", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return demo.Stuck(c.Context(), base, c.OutOrStdout())
		}}, consent, jump)
	return c
}
