package records

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gongzhi/verify"
)

// beijing is the time that people read.
var beijing = time.FixedZone("CST", 8*60*60)

// voteCommand recounts a vote. It opens no database: the file is all it needs.
func voteCommand() *cobra.Command {
	var key string
	var points []string
	var asJSON bool
	c := &cobra.Command{Use: "vote FILE", Short: "只凭公开的导出文件重新计票（.ndjson、.gz，- 为标准输入）", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			known := verify.Known{Key: key}
			for _, name := range points {
				text, err := os.ReadFile(name)
				if err != nil {
					return err
				}
				known.Checkpoints = append(known.Checkpoints, string(text))
			}
			var r verify.Report
			err := reading(c, args[0], func(in io.Reader) (err error) {
				r, err = known.Verify(in)
				return err
			})
			if err != nil {
				return err
			}
			return printVote(c.OutOrStdout(), r, asJSON)
		}}
	c.Flags().StringVar(&key, "key", "", "签名公钥（公告上的一行），不给时用文件自带的")
	c.Flags().StringArrayVar(&points, "checkpoint", nil, "公示过的检查点文件，可以给多个")
	c.Flags().BoolVar(&asJSON, "json", false, "输出 JSON")
	return c
}

// receiptCommand checks the receipt of one ballot.
func receiptCommand() *cobra.Command {
	var key string
	var asJSON bool
	c := &cobra.Command{Use: "receipt FILE", Short: "核验一张回执：这张票是否在签过名的账本里", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			var r verify.Receipt
			err := reading(c, args[0], func(in io.Reader) (err error) {
				r, err = verify.VerifyReceipt(in, key)
				return err
			})
			if err != nil {
				return err
			}
			return printReceipt(c.OutOrStdout(), r, asJSON)
		}}
	c.Flags().StringVar(&key, "key", "", "签名公钥（公告上的一行）")
	c.Flags().BoolVar(&asJSON, "json", false, "输出 JSON")
	if err := c.MarkFlagRequired("key"); err != nil {
		panic(err) // the flag is named two lines above
	}
	return c
}

// reading opens a file, or standard input for -, and unpacks it if it is gzip, whatever its name.
func reading(c *cobra.Command, name string, use func(io.Reader) error) error {
	in := c.InOrStdin()
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }() // it was only read
		in = f
	}
	buffered := bufio.NewReader(in)
	if magic, _ := buffered.Peek(2); !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return use(buffered)
	}
	unpacked, err := gzip.NewReader(buffered)
	if err != nil {
		return fmt.Errorf("解压：%w", err)
	}
	return use(unpacked)
}

func printJSON(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// printVote prints every check and the result. It fails when a check failed.
func printVote(out io.Writer, r verify.Report, asJSON bool) error {
	if asJSON {
		if err := printJSON(out, r); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(out, "表决 %s：%s\n", r.Number, r.Title)
		printChecks(out, r.Checks)
		printCount(out, r)
	}
	failed := 0
	for _, c := range r.Checks {
		if c.State == verify.Failed {
			failed++
		}
	}
	if failed > 0 {
		return fmt.Errorf("核验未通过：%d 项不符", failed)
	}
	return nil
}

var marks = map[verify.State]string{verify.Passed: "✓", verify.Failed: "✗", verify.Warned: "！", verify.Skipped: "－"}

func printChecks(out io.Writer, checks []verify.Check) {
	made := 0
	for _, c := range checks {
		fmt.Fprintf(out, "  %s %s（%s）\n", marks[c.State], c.Title, c.Code)
		if c.Detail != "" {
			fmt.Fprintf(out, "      %s", c.Detail)
			if c.Found > 1 {
				fmt.Fprintf(out, "（共 %d 处）", c.Found)
			}
			fmt.Fprintln(out)
		}
		if c.State != verify.Skipped {
			made++
		}
	}
	fmt.Fprintf(out, "共 %d 项，核验了 %d 项\n", len(checks), made)
}

func printCount(out io.Writer, r verify.Report) {
	if r.Outcome == "" {
		return
	}
	fmt.Fprintf(out, "\n%s\n规则：%s；计票单位：%s\n清册指纹：%s（含姓名的清册不公开，请与公告对照）\n签名公钥：%s\n", r.Question, r.Rule, r.Counting, r.Print, r.Key)
	fmt.Fprintf(out, "清册 %s，收到 %d 张票（含改票）\n", weight(r.Totals.All), r.Ballots)
	fmt.Fprintf(out, "  同意 %s\n  不同意 %s\n  弃权 %s\n", weight(r.Totals.Yes), weight(r.Totals.No), weight(r.Totals.Abstain))
	for _, t := range r.Tests {
		fmt.Fprintf(out, "  %s %s\n", marks[met(t)], testLine(t))
	}
	fmt.Fprintf(out, "重新计票的结论：%s\n", verify.OutcomeName(r.Outcome))
}

func met(t verify.Result) verify.State {
	switch {
	case !t.Decides:
		return verify.Skipped
	case t.Met:
		return verify.Passed
	}
	return verify.Failed
}

// testLine says what a test compared: 同意的面积 543,200.00/700,000.00，须 3/4 以上.
func testLine(t verify.Result) string {
	who := map[string]string{"all": "全体", "participants": "参与表决", "yes": "同意"}
	of, number := "人数", func(n int64) string { return fmt.Sprint(n) }
	if t.Measure == "area" {
		of, number = "面积", metres
	}
	ratio := fmt.Sprintf("%d/%d 以上", t.Num, t.Den)
	if t.Strict {
		ratio = fmt.Sprintf("超过 %d/%d", t.Num, t.Den)
	}
	return fmt.Sprintf("%s%s／%s%s：%s/%s，须%s", who[t.Part], of, who[t.Whole], of, number(t.Left), number(t.Right), ratio)
}

// weight writes heads and area; who has no area counts by heads alone.
func weight(w verify.Weight) string {
	if w.Area == 0 {
		return fmt.Sprintf("%d", w.Heads)
	}
	return fmt.Sprintf("%d 人、%s 平方米", w.Heads, metres(w.Area))
}

func metres(area int64) string { return fmt.Sprintf("%d.%02d", area/100, area%100) }

func printReceipt(out io.Writer, r verify.Receipt, asJSON bool) error {
	if asJSON {
		return printJSON(out, r)
	}
	choice := map[string]string{"yes": "同意", "no": "不同意", "abstain": "弃权"}[r.Choice]
	channel := map[string]string{"web": "网上", "paper": "纸质", "door": "入户"}[r.Channel]
	var b strings.Builder
	fmt.Fprintf(&b, "✓ 回执有效：这张票在表决 %s 的账本里，第 %d 条\n", r.Number, r.Index+1)
	fmt.Fprintf(&b, "  跟踪码 %s\n  %s，%s，第 %d 版，%s\n", r.Tracker, choice, channel, r.N, weight(r.Weight))
	fmt.Fprintf(&b, "  收到 %s\n", r.At.In(beijing).Format(time.DateTime))
	fmt.Fprintf(&b, "  检查点签到第 %d 条，%s\n", r.Size, r.Signed.In(beijing).Format(time.DateTime))
	_, err := io.WriteString(out, b.String())
	return err
}
