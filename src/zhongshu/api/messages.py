"""What a refusal says in Chinese, by its code; the English sentence comes with the refusal.

A test proves that every code raised below the door is here.
"""

from __future__ import annotations

from collections.abc import Mapping

from zhongshu.api.enginewords import ENGINES
from zhongshu.kernel.errors import Refused
from zhongshu.service.kit.text import Text, text

ZH: Mapping[str, str] = {
    **ENGINES,
    "accounts.name": "请填写 1 到 150 个字符的登录名。",
    "accounts.name_taken": "该用户名已被使用。",
    "accounts.unknown": "没有这个用户。",
    "accounts.weak_password": "密码至少{characters}位，并含小写、大写、数字、符号中的{classes}类。",
    "boundaries.unknown": "没有这个边界图层。",
    "case.wrong_state": "病例当前状态不允许此操作。",
    "cases.unknown": "在您的权限内没有这个病例。",
    "clock.wrong_state": "该时限已结束，不能再催办或免除。",
    "clocks.no_due": "没有到期时间，无法计时。",
    "clocks.no_escalation": "规则包和现行指挥体系中都没有该时限所用的催办阶梯。",
    "clocks.no_notification": "没有发给您单位的这条提醒。",
    "clocks.unknown": "在您的权限内没有这个时限。",
    "clocks.waive_note": "免除时限须写明说明。",
    "clocks.waive_reason": "免除理由须从列表中选择。",
    "codes.unknown": "在您的权限内没有这个健康码。",
    "contact.wrong_state": "该接触者当前状态不允许此操作。",
    "contacts.himself": "病例本人不是自己的密接。",
    "contacts.kind": "密接类别须为规则包所列之一。",
    "contacts.named_already": "此人已在该病例的接触者名单中，请在名单中处理。",
    "contacts.named_times": "共处时间须先起后止，且不晚于现在。",
    "contacts.reason": "此操作须写明理由。",
    "contacts.unknown": "在您的权限内没有这名接触者。",
    "decisions.unknown": "在您的权限内没有这个决定。",
    "directive.wrong_state": "该指令当前状态不允许此操作。",
    "directives.no_recipient": "指令至少要有一个接收单位。",
    "directives.not_yours": "此操作只能由指令的另一方单位办理。",
    "directives.out_of_scope": "该单位不在您的下级之内。",
    "directives.unknown": "在您的权限内没有这条指令。",
    "divisions.unknown": "没有这个区划代码。",
    "drill.area": "{area} 不在今晚建议的区域之内，请从所列中选择。",
    "drill.changed": "程序在此演练开始后有改动，无法重演，请用相同的种子另开一场。",
    "drill.contacts": "密接按一、二级隔离，人数上限不能小于零，请更正。",
    "drill.county": "没有可供合成该县（区）的人口资料，请另选单位。",
    "drill.decided": "这一晚已有决定（可能在另一窗口），请以页面最新情况为准。",
    "drill.limits": "演练的设定中有一项须在{least}至{most}之间，请更正。",
    "drill.not_waiting": "此演练现在没有待决定的事项。",
    "drill.over": "此演练已结束，无需放弃。",
    "drill.people": "演练的人口数超出范围。",
    "drill.policy": "没有名为“{name}”的策略。",
    "drill.scenario": "演练至少要有一天、一例输入，R0须大于零，时刻须在0至24之间。",
    "drill.seeds": "种子的写法不对：{seeds}。",
    "drill.share": "演练设定中的比例须在0至1之间。",
    "drill.title": "请给演练起一个不超过200字的标题。",
    "drill.too_many": "您已有{most}场演练未结束，请先完成或放弃其中一场。",
    "drill.unknown": "在您的权限内没有这场演练。",
    "expression.invalid": "判定条件的写法不正确。",
    "expression.no_figures": "判定条件引用了规则包中的数值，但这里没有规则包。",
    "expression.too_large": "判定条件产生的数据过大。",
    "expression.too_much_work": "判定条件过于复杂，无法在这些事实上计算。",
    "feeds.no_repair": "这个文件没有需要修正的行。",
    "feeds.unknown_file": "没有这个报送文件。",
    "findings.unknown": "在您的权限内没有这条红色问题。",
    "idempotency.key": "请求须带 1 至 80 个字符的 Idempotency-Key。",
    "idempotency.other_request": "这个 Idempotency-Key 已用于另一个请求。",
    "incidents.none": "尚未开设疫情事件，请先初始化。",
    "incidents.unknown": "没有这个疫情事件。",
    "input.invalid": "请求内容有误，请检查标出的字段。",
    "input.missing_column": "缺少必需的列。",
    "input.missing_value": "必填的列中有空值，请补全。",
    "input.negative": "有不应为负的数值，请更正。",
    "inquiries.future": "截至时间不能晚于现在。",
    "inquiries.note": "请在说明中写明查询结果的用途。",
    "inquiries.purpose": "查询须选择规定的用途。",
    "lake.busy": "数据湖正在维护（{what}），请稍后再试；没有任何改动。",
    "lake.damaged": "数据湖中有文件损坏，请系统管理员运行 zhongshu lake compact"
    "（从另一份副本修复）或 zhongshu lake seal（重建当日索引）。",
    "lake.day_kept": "这一天的到访记录尚在保存期内，{from_day}起方可删除。",
    "roads.refused": "道路服务拒绝了请求，请检查其设置。",
    "roads.unknown_service": "道路服务须以 osrm+http:// 或 valhalla+http:// 开头。",
    "roads.unreachable": "道路服务没有应答，请检查地址，或不用道路服务编制方案。",
    "lake.disk_full": "磁盘已满，没有写入；没有任何改动，请腾出空间后重试。",
    "lake.no_such_day": "数据湖中没有这一天的到访记录。",
    "lake.not_written": "文件没有写入；没有任何改动。",
    "lake.place_in_itself": "场所从属关系成环，请写明其所属的整体场所。",
    "lake.window_too_long": "所问时段早于到访记录的保存期，请从{earliest}起查询。",
    "letter.wrong_state": "该协查函当前状态不允许此操作。",
    "letters.figures": "协查{persons}人：找到与未找到之和须等于协查人数，"
    "管控人数不得超过找到人数。",
    "letters.figures_early": "签收时尚不报核查结果，请签收后再报。",
    "letters.figures_missing": "请填写找到、管控、未找到的人数。",
    "letters.not_a_side": "只有发函和收函单位可以打开名单。",
    "letters.not_yours": "只有收函单位可以签收和回复。",
    "letters.nothing_new": "自上次发函以来，病例 {case} 没有新增或变化的接触者。",
    "letters.number": "协查函编号请写作 2022-12。",
    "letters.unknown": "在您的权限内没有这份协查函。",
    "moment.zone": "时间须带时区。",
    "packs.ambiguous": "同一天有两个规则包适用于同一病种和主题，请终止其中一个。",
    "packs.invalid": "规则包的内容不符合格式。",
    "packs.key_twice": "规则包中有重复的键。",
    "packs.no_figure": "规则包中没有这个数值。",
    "packs.no_rule": "规则包中没有这条规则。",
    "packs.none_applies": "这一天没有适用的规则包。",
    "packs.not_a_number": "规则包中的这个值不是数字。",
    "packs.not_in_force": "规则包在这一天没有生效。",
    "packs.out_of_bounds": "该值超出规则包允许的范围。",
    "packs.unknown": "没有这个规则包。",
    "packs.unreadable": "规则包无法读取。",
    "paging.cursor": "翻页标记无效，请从第一页重新开始。",
    "people.pseudonym_collision": "两个身份证号得到同一假名，须更换密钥库密钥。",
    "people.merge_reason": "请写明为何认定（或不认定）为同一人。",
    "people.merged_already": "这两人已按同一人计。",
    "people.not_merged": "此人未与他人合并。",
    "tracing.case_closed": "病例{case}不是本次疫情的在办病例，无需追踪。",
    "tracing.index_behind": "热索引缺少{day}的部分记录，请先封存该日，或改查原始文件。",
    "tracing.not_in_edition": "按{edition}不再判定密接。",
    "people.purpose": "查看身份须选择规定的用途。",
    "people.unknown": "在您的权限内没有这个人。",
    "period.wrong_state": "该周期当前状态不允许此操作。",
    "permissions.missing": "您的岗位没有这项权限。",
    "permissions.no_role": "没有这种角色，请从角色表中选择。",
    "permissions.roles_together": "系统、安全、审计三种管理员不得由一人兼任。",
    "proposal.wrong_state": "该建议已处理，不能再次决定。",
    "proposals.amendment": "修改须至少改动一项内容。",
    "proposals.changed": "您阅读之后该建议已更新，请重新阅读后再决定。",
    "proposals.due": "完成时限须在此刻之后。",
    "proposals.nobody_left": "修改后没有接收单位，请改为驳回。",
    "proposals.reason": "修改或驳回须写明理由。",
    "proposals.unknown": "在您的权限内没有这条建议。",
    "proposals.verdict": "决定只能是批准、修改或驳回。",
    "reference.no_layer": "没有这个边界图层。",
    "reference.no_table": "没有这张参考表。",
    "reports.form": "没有这种语言或格式的报告。",
    "reports.no_run": "还没有运行过日调度，请先运行一次。",
    "reports.period": "周期须写作 2022-11-08 这样的日期。",
    "reports.unknown": "没有这份报告。",
    "rules.no_judgement": "所存内容不是一次判定。",
    "rules.no_logic": "这条规则只有文字，不能由系统判定。",
    "rules.no_schedule": "规则包中没有这个隔离安排。",
    "rules.not_again": "按所存事实无法重现当时的判定。",
    "rules.pack_changed": "规则包已被改动，无法按当时的规则重现。",
    "runs.busy": "日调度正在运行，请等它结束。",
    "runs.future": "指定的时刻尚未到来。",
    "runs.past": "已有更晚时刻的调度；重跑更早的时刻会覆盖其结果，请用“截至”查看过去。",
    "runs.unknown": "没有这次运行。",
    "session.csrf": "页面已过期，请刷新后再试。",
    "session.none": "请先登录。",
    "session.refused": "用户名与密码不符，或账号已暂时锁定。",
    "session.secret": "登录链接已使用或已过期，请索取新的链接。",
    "signal.wrong_state": "该信号当前状态不允许此操作。",
    "signals.break_day": "变更日期尚未到来，请在当日或之后标记。",
    "signals.break_removed": "该口径变更标记已撤销。",
    "signals.break_twice": "该日的口径变更已经标记。",
    "signals.break_unit": "监测按县汇总，请选择县级或以上单位。",
    "signals.break_unknown": "在您的权限内没有这条口径变更标记。",
    "signals.days": "开始日期晚于结束日期，请更正。",
    "signals.not_snoozed": "该县该来源的信号没有设为静默。",
    "signals.reason": "此操作须写明理由。",
    "signals.risk": "研判时须选择风险等级（低、中、高、极高），其他操作不选。",
    "signals.selftest_no_series": "没有县区的来源连日均有报告，无法自检，请查看数据来源。",
    "signals.snooze_until": "静默须到此刻之后，最长 {days} 天。",
    "signals.stream_unknown": "没有名为 {stream} 的来源。",
    "signals.unknown": "在您的权限内没有这个信号。",
    "spark.no_answer": "Spark 集群没有应答，或没有可用资源。",
    "spark.no_java": "在集群上追踪，本机须安装 Java 17 或更高版本。",
    "spark.no_lake": "在该位置没有含到访记录的数据湖。",
    "spark.not_installed": "在集群上追踪须安装 PySpark：请安装 requirements/spark.txt。",
    "spark.not_set": "没有设置集群：请在 ZHONGSHU_SPARK 写明，如 spark://host:7077，或用本机引擎追踪。",
    "spark.not_started": "本机的 Spark 集群没有启动。",
    "time.naive": "时间须带时区。",
    "time.unreadable": "时间格式无法识别，请写作 2022-11-08T20:00+08:00。",
    "tracing.before_lake": "数据湖自{first}起才有到访记录，请改查之后的日期。",
    "tracing.place_in_itself": "场所从属关系成环，请写明其所属的整体场所。",
    "tracing.place_not_read": "此查询不读取这类场所的记录。",
    "tracing.place_unknown": "在您的权限内没有这个场所。",
    "tracing.time_backwards": "查询的结束时间须晚于开始时间。",
    "tracing.too_few_cases": "共同暴露分析至少需要两例病例。",
    "tracing.too_many_windows": "所选病例的暴露期多达{windows}种，最多{most}种，请减少病例。",
    "tracing.which_place": "请用场所编号或数据湖编号指明一个场所。",
    "tracing.whom": "请指明一例病例或一名接触者。",
    "units.unknown": "在您的权限内没有这个单位。",
    "zone.wrong_state": "该风险区当前状态不允许此操作。",
    "whatif.no_census": "人口普查中没有该单位的人口，请改问上一级单位。",
    "whatif.no_run": "建议须附在一次日调度之上，请先运行日调度。",
    "whatif.no_zoning": "方案未划任何区域，无可推演。",
    "whatif.not_done": "只有已完成的推演比较才能提出建议。",
    "whatif.options": "一次可比较1至8个方案。",
    "whatif.size": "天数须为1至60，次数须为20至200。",
    "whatif.title": "请给问题起一个不超过200字的标题。",
    "whatif.unit": "推演以县（区）或更大的单位为范围；小于县的单位请作为区域写入方案。",
    "whatif.unknown": "在您的权限内没有这份推演比较。",
    "whatif.wrong_state": "只有尚在等候的推演比较才能撤回。",
    "zones.all_in_force": "该方案的风险区均已在管控中。",
    "zones.no_level": "规则包中没有这一级风险区。",
    "zones.no_option": "该方案记录中没有这个选项。",
    "zones.no_plan": "在您的权限内没有这份方案记录。",
    "zones.no_run": "尚无已完成的研判，请在首次研判之后再提出。",
    "zones.no_unit": "不是可用于划定风险区的单元。",
    "zones.not_simulated": "传播模型尚未算出该方案的结果；请稍候，或注明不等结果直接提出。",
    "zones.other_edition": "现行规则与制定方案时不同，请重新求解。",
    "zones.plan_passes": "该方案超出上限或未划任何区域，请另选或重新求解。",
    "zones.plan_polygon": "多边形至少需要三个顶点。",
    "zones.plan_unit": "划区方案只能针对一个县（区）或乡镇（街道）。",
    "zones.proposed": "该方案记录已提出过建议，请重新求解。",
    "zones.too_large": "风险区超出规则包允许的最大单元。",
    "zones.unknown": "在您的权限内没有这个风险区。",
}

FAULT = text("系统出错，已记录；请稍后再试。", "A fault of ours; please try later.")


LABELS: Mapping[str, Text] = {
    "timeline.exposure_window": text("密接判定期", "Contact window"),
    "timeline.onset": text("发病", "Onset"),
    "timeline.sample": text("采样", "Sampled"),
    "timeline.confirmed": text("确诊", "Confirmed"),
    "timeline.reported": text("报告", "Reported"),
    "timeline.visit": text("到访", "Visit"),
    "case.candidate": text(
        "{degree} 级接触，共同停留 {minutes:.0f} 分钟（{rule_id}）",
        "contact of degree {degree}, {minutes:.0f} min together ({rule_id})",
    ),
    "case.candidate_home": text(
        "{degree} 级接触，同住（{rule_id}）",
        "contact of degree {degree}, same household ({rule_id})",
    ),
    "change.new_case": text(
        "新报告病例，或接触者成为病例", "a new case, or a contact who became a case"
    ),
    "change.rules_changed": text("规则或方案版本改变", "rules or edition changed"),
    "change.window_changed": text("传染期窗口改变", "the infectious window changed"),
    "change.merged": text("两个身份认定为同一人", "two identities found to be one person"),
    "change.pseudonym_split": text("撤销同一人认定", "two identities counted apart again"),
    "change.household_changed": text("同住人员改变", "who lives together changed"),
    "change.isolation_changed": text(
        "密接的隔离时间改变", "since when contacts are kept apart changed"
    ),
    "change.places_changed": text("场所说明改变", "places were described anew"),
    "change.clock_corrected": text("设备时钟校正", "clocks of devices were found to be off"),
    "change.visits_corrected": text("扫码记录更正", "visits were corrected"),
    "change.late_visits": text("新到扫码记录", "visits that came later"),
    "change.retention": text(
        "相邻日期的扫码记录保存期满已删除",
        "visits of the day beside were deleted, their time was over",
    ),
    "change.contact_released": text("密接隔离期满", "a contact's days apart are over"),
    "change.time_passed": text("随时间推移重新追踪", "traced again as time passed"),
    "change.read_further": text(
        "因更早的病例多读了以前的记录", "older visits were read for an earlier case"
    ),
    "change.by_hand": text("人工指定", "named by hand"),
    "change.case_closed": text("病例已排除", "the case was excluded"),
    "clearing.by_hand": text(
        "由人工指定；解除须写明理由。", "Named by a person; to clear him takes a reason."
    ),
    "clearing.two_places": text(
        "记录显示有人同时在两处，须先核实记录。",
        "Records show somebody in two places at once; check them first.",
    ),
    "clearing.each": text(
        "依据共 {count} 次接触，须逐次排除方可解除。",
        "It rests on {count} meetings; each of them has to fall.",
    ),
    "clearing.home_alone": text(
        "仅因同住判定：查实 {first} 至 {last} 未同住即可解除。",
        "Only because they live together: not living there from {first} to {last} would clear.",
    ),
    "clearing.home": text(
        "同住：查实 {first} 至 {last} 未同住，此项不计。",
        "Living together: not living there from {first} to {last} would take this away.",
    ),
    "clearing.left": text(
        "{place}：离开时间为推算，查实任一方于 {at} 前离开，此次不计。",
        "{place}: the time of leaving is estimated; either having left before {at} would clear it.",
    ),
    "clearing.left_more": text(
        "另有 {count} 次接触的离开时间为推算。",
        "Further meetings whose time of leaving is estimated: {count}.",
    ),
    "clearing.margin": text(
        "{place}（{at}）：超出最短时长 {least:g} 分钟仅 {over:.1f} 分钟，"
        "记录时间偏差超过此数即不计。",
        "{place} ({at}): only {over:.1f} min above the shortest {least:g} min; times recorded off "
        "by more would clear it.",
    ),
    "clearing.sure": text(
        "{count} 次接触时间确切（最长 {minutes:.0f} 分钟），除记录有误外不能排除。",
        "Meetings with recorded times: {count} (longest {minutes:.0f} min); only a wrong record "
        "would clear.",
    ),
    "clearing.via": text(
        "次密：密接 #{number} 被排除即可解除。",
        "Secondary contact: excluding contact #{number} would clear.",
    ),
    "clearing.via_all": text(
        "次密：所经 {count} 名密接全部被排除方可解除。",
        "Secondary contact by way of other contacts ({count}): excluding all of them would clear.",
    ),
    "clearing.via_isolated": text(
        "查实密接在 {at} 前已被隔离，亦可解除。",
        "The contact between having been isolated before {at} would clear, too.",
    ),
    "clearing.protected": text(
        "查实接触时有效防护，可不判定（{rule_id}）。",
        "Effective protection at the meetings would clear ({rule_id}).",
    ),
    "clock.of.case": text("病例 {label}", "case {label}"),
    "clock.of.contact": text("接触者 {label}", "contact {label}"),
    "clock.of.isolation": text("隔离人员 {label}", "isolated person {label}"),
    "clock.of.letter": text("协查函 {label}", "letter {label}"),
    "clock.of.zone": text("风险区 {label}", "risk area {label}"),
    "clock.of.directive": text("指令 {label}", "directive {label}"),
    "clock.of.signal": text("信号 {label}", "signal {label}"),
    "clock.of.sample": text("样本 {label}", "sample {label}"),
    "clock.of.ticket": text("工单 {label}", "ticket {label}"),
    "clock.of.person": text("人员 {label}", "person {label}"),
    "clock.of.round": text("检测轮次 {label}", "test round {label}"),
    "clock.of.site": text("场所 {label}", "site {label}"),
    "clock.of.illness": text("病人 {label}", "ill person {label}"),
    "clock.of.absence": text("缺课 {label}", "absence {label}"),
    "clock.of.retention": text("数据集 {label}", "data set {label}"),
    "clock.of.response": text("应对 {label}", "response {label}"),
    "clock.of.clock": text("时限 {label}", "clock {label}"),
    "clock.of.event": text("事件 {label}", "event {label}"),
    "code.no_rule": text("现行规则没有这条赋码规则", "The rules in force have no such rule"),
    "console.not_built": text("界面尚未构建。", "The console is not built yet: run make console."),
}


def label(key: str, **facts: object) -> Text:
    """The words of `key` in both languages, with `facts` filled in."""
    words = LABELS[key]
    return text(words["zh"].format(**facts), words["en"].format(**facts))


def of(refusal: Refused) -> Text:
    """Both languages; a code without a Chinese sentence shows the code, never English words.

    A Chinese sentence may name facts of the refusal in braces.
    """
    said = ZH.get(refusal.code, f"请求未能执行（{refusal.code}）。")
    return text(said.format_map(_Facts(refusal.facts)), refusal.message)


class _Facts(dict[str, object]):
    """A refusal's facts; one that was not told stays a gap, because a refusal must not fail."""

    def __missing__(self, name: str) -> str:
        return "…"
