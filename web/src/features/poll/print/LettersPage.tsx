import { Qr } from "../../../components/Qr";
import { endMoment, longMoment } from "../../../lib/dates";
import { groupedCode } from "../../../lib/votes";
import { PapersPage } from "./PapersPage";
import { useLetters } from "./usePapers";

/** Letters with the personal code, one A4 sheet each. */
export function Component() {
  return (
    <PapersPage pages={useLetters()} empty="没有要打印的信" hint="按这个条件没有还未表决的人家。">
      {(poll, l) => (
        <article key={l.no} className="sheet paper paper-letter">
          <p className="paper-no num">第 {l.no} 号</p>
          <h1>表决通知</h1>
          <p>
            {l.address}
            <br />
            <strong>{l.names.join("、")}</strong>：
          </p>
          <p className="paper-text">
            {poll.estate}就「{poll.title}」进行表决，请您在{" "}
            {poll.opens && poll.closes ? `${longMoment(poll.opens)} 至 ${endMoment(poll.closes)} ` : "公告的时间"}
            之内表决。
          </p>
          <h2>表决事项</h2>
          <p className="paper-text">{poll.question}</p>
          {l.units.length > 1 && (
            <p className="paper-text">
              您名下 {l.units.length} 处合计一票：{l.units.join("、")}。
            </p>
          )}
          <h2>怎样表决</h2>
          <div className="paper-code">
            <div>
              <p>用手机扫描右边的二维码，或者打开</p>
              <p className="num paper-link">{l.link.split("#")[0]}</p>
              <p>输入您的投票口令：</p>
              <p className="paper-secret num">{groupedCode(l.code)}</p>
            </div>
            <Qr text={l.link} label={`${l.no} 号的表决二维码`} className="paper-qr" />
          </div>
          <p className="paper-text">
            投票口令等于您的票，请不要给别人看。
            {poll.revisable ? "截止前可以更改，以最后一次为准。" : "提交后不能更改。"}
            不方便上网的，可以填写纸质表决票，或者请工作人员上门。
          </p>
          <h2>怎样算通过</h2>
          <p className="paper-text paper-small">{poll.notice}</p>
          <p className="paper-text paper-small">
            公告和结果：<span className="num">{poll.public_link}</span>，编号 <span className="num">{poll.number}</span>
            。
          </p>
          <p className="paper-sign">{poll.organiser}</p>
        </article>
      )}
    </PapersPage>
  );
}
