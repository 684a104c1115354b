package notify

import (
	"html"
	"strings"
)

// A letter is plain text. How it looks in each channel is made here, so that a name with markup stays text everywhere.

// HTML is the letter as the HTML part of a mail. link is where the case is; empty: none.
func (l Letter) HTML(link string) string {
	var b strings.Builder
	b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(l.Text), "\n", "<br>\n") + "</p>\n")
	if link != "" {
		b.WriteString(`<p><a href="` + html.EscapeString(link) + `">打开办件</a></p>` + "\n")
	}
	return b.String()
}

// PlainText is the letter as the text part of a mail.
func (l Letter) PlainText(link string) string {
	if link == "" {
		return l.Text + "\n"
	}
	return l.Text + "\n\n" + link + "\n"
}

// markdownMarks are the characters that mean something to the robots of 企业微信 and 钉钉. They do not know backslashes alike, so
// each is replaced by its full-width form: a name may look a little wider, and never becomes a link.
var markdownMarks = strings.NewReplacer(
	"<", "＜", ">", "＞", "[", "［", "]", "］", "(", "（", ")", "）", "*", "＊", "_", "＿", "`", "｀", "#", "＃", "!", "！", "@", "＠", "~", "～", "|", "｜", "\\", "＼",
)

// longestMarkdown is in characters: 企业微信 takes 4096 bytes.
const longestMarkdown = 1000

// Markdown is the letter as the text of a robot.
func (l Letter) Markdown(link string) string {
	text := "**" + markdownMarks.Replace(l.Subject) + "**\n\n" + strings.ReplaceAll(markdownMarks.Replace(cut(l.Text, longestMarkdown)), "\n", "\n\n")
	if link != "" {
		text += "\n\n[打开办件](" + link + ")"
	}
	return text
}

// Short is the letter as a text message.
func (l Letter) Short() string { return cut(strings.ReplaceAll(l.Text, "\n", " "), 300) }

// DigestOf joins letters of early reminders to one person into one. w are the words of the digest.
func DigestOf(w Words, p Person, list []Message) (Letter, error) {
	f := Fields{Name: p.Name}
	for _, m := range list {
		f.Items = append(f.Items, FieldsOf(m, p))
	}
	return w.Write(f)
}
