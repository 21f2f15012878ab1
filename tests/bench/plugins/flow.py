"""Workflows of made-up procedures, as the text of a plugin. A `Shape` says which parts a workflow has; the
budget of its steps fits the total limit (K171)."""


class Shape:
    """What a workflow is put together from."""

    def __init__(self, dice, hours, channels, postal, payment):
        self.hours, self.channels, self.postal, self.payment = hours, channels, postal, payment
        self.same_day = hours <= 8
        self.assign = not self.same_day and dice.random() < 0.4
        self.review = not self.same_day and dice.random() < 0.5
        self.visit = hours >= 80 and dice.random() < 0.5
        self.verify = dice.random() < 0.4
        self.council = hours >= 120 and dice.random() < 0.25
        self.first_answer = dice.random() < 0.15
        self.experts = []  # (function, name)
        self.when_experts = None
        self.spawn = None  # lines of an effect
        self.draft = not self.same_day and dice.random() < 0.15


def hours_text(hours):
    if hours % 8 == 0:
        return "%d working_day%s" % (hours // 8, "" if hours == 8 else "s")
    return "%d working_hour%s" % (hours, "" if hours == 1 else "s")


def _intake(shape):
    limit = ", ".join("%s: %s" % (channel, "none" if channel == "direct" else "8 working_hours")
                      for channel in shape.channels)
    lines = [
        "receive:", "  name: Tiếp nhận hồ sơ", "  role: receiver", "  agency: receiving",
        "  limit: {%s}" % limit,
        "  warn: [{at: 50%, to: assignee}, {at: due, to: unit_head}]", "  actions:",
        "    accept: {name: Tiếp nhận, to: forward, effects: [accept, {issue: receipt}]}"]
    if shape.payment:
        lines += ["    ask_payment:", "      name: Đề nghị nộp phí, lệ phí trực tuyến",
                  "      when: 'channel != \"direct\" and fees.due > 0'", "      to: intake_payment",
                  "      effects: [request_payment]"]
    lines += [
        "    supplement:", "      name: Yêu cầu bổ sung", "      to: intake_supplement",
        "      needs: [reason, papers]", "      effects: [{issue: supplement_request}]",
        "    refuse: {name: Từ chối tiếp nhận, end: not_accepted, needs: [reason], "
        "effects: [{issue: refusal}]}"]
    if shape.payment:
        lines += ["intake_payment:", "  name: Chờ nộp phí, lệ phí trước khi tiếp nhận", "  wait: payment",
                  "  actions:", "    paid: {to: receive}",
                  "    go_on: {name: \"Xem xét tiếp, thu tại quầy sau\", by: receiver, to: receive}",
                  "  timeout: {after: 5 working_days, to: receive}"]
    lines += [
        "intake_supplement:", "  name: Chờ bổ sung trước khi tiếp nhận", "  wait: applicant",
        "  actions: {resubmit: {name: Nộp bổ sung, to: receive}}",
        "  timeout: {after: 30 calendar_days, end: not_accepted, effects: [{issue: refusal}]}",
        "forward:", "  name: Chuyển hồ sơ tới cơ quan có thẩm quyền", "  role: receiver",
        "  agency: receiving", "  limit: 1 working_hour", "  actions:",
        "    pass: {name: Chuyển phòng chuyên môn, when: not dossier.forwarded, automatic: true, to: %s}"
        % ("assign" if shape.assign else "appraise"),
        "    transfer: {name: Chuyển về cơ quan có thẩm quyền, when: dossier.forwarded, to: %s}"
        % ("assign" if shape.assign else "appraise")]
    if shape.assign:
        lines += ["assign:", "  name: Phân công thụ lý", "  role: unit_head", "  limit: 2 working_hours",
                  "  warn: [{at: due, to: leader}]", "  actions:",
                  "    give: {name: Giao chuyên viên, to: appraise}"]
    return lines


def _appraisal(shape, hours):
    onward = "visit" if shape.visit else "council" if shape.council else \
        "review" if shape.review else "approve"
    lines = ["appraise:", "  name: Thẩm định hồ sơ", "  role: officer", "  limit: %s" % hours_text(hours),
             "  warn: [{at: 50%, to: assignee}, {at: -2 working_hours, to: unit_head}, {at: due, to: leader}]",
             "  actions:"]
    if shape.experts:
        lines += ["    consult:", "      name: Lấy ý kiến",
                  "      to: [%s]" % ", ".join("ask_" + function for function, _ in shape.experts)]
        if shape.when_experts:
            lines += ["      when: '%s'" % shape.when_experts]
    lines += ["    submit: {name: Trình, to: %s}" % onward]
    if shape.verify:
        lines += ["    verify: {name: Đề nghị nơi khác xác minh, to: verification, effects: [pause]}"]
    lines += ["    supplement:", "      name: Yêu cầu bổ sung", "      to: supplement",
              "      needs: [reason, papers]", "      effects: [pause, {issue: supplement_request}]"]
    for function, name in shape.experts:
        lines += ["ask_%s:" % function, "  name: \"Ý kiến của cơ quan %s\"" % name, "  role: officer",
                  "  agency: %s" % function, "  limit: %s" % hours_text(8 if shape.hours < 80 else 16),
                  "  warn: [{at: 50%, to: assignee}, {at: due, to: unit_head}]", "  actions:",
                  "    answer: {name: Trả lời, join: opinions, needs: [reason]}"]
    if shape.experts:
        lines += ["opinions:", "  name: Tổng hợp ý kiến", "  role: officer", "  limit: 2 working_hours"]
        if shape.first_answer:
            lines += ["  join: first"]
        lines += ["  actions:", "    done: {name: Đã tổng hợp, to: appraise}"]
    if shape.verify:
        lines += ["verification:", "  name: Chờ văn bản xác minh của nơi khác", "  role: officer",
                  "  state: consulting", "  limit: 5 working_days",
                  "  warn: [{at: due, to: assignee}, {at: +1 working_day, to: unit_head}]", "  actions:",
                  "    answered: {name: Đã có văn bản trả lời, to: appraise, effects: [resume]}",
                  "    go_on: {name: \"Quá hạn không trả lời, giải quyết tiếp\", to: appraise, "
                  "needs: [reason], effects: [resume]}"]
    return lines


_SUPPLEMENT = [
    "supplement:", "  name: Chờ bổ sung hồ sơ", "  wait: applicant",
    "  actions: {resubmit: {name: Nộp bổ sung, to: supplement_check}}",
    "  timeout: {after: 30 calendar_days, to: propose_stop}",
    "supplement_check:", "  name: Kiểm tra hồ sơ bổ sung", "  role: receiver", "  agency: receiving",
    "  limit: 8 working_hours", "  actions:",
    "    complete: {name: Xác nhận đã bổ sung đủ, to: appraise, effects: [restart]}",
    "    incomplete: {name: Chưa đủ, to: supplement, needs: [reason]}",
    "propose_stop:", "  name: Đề xuất dừng giải quyết", "  role: officer", "  state: supplement",
    "  limit: 1 working_day", "  actions:",
    "    stop: {name: Dừng giải quyết, end: stopped, needs: [reason], effects: [{issue: stop_notice}]}",
    "    wait_more: {name: Chờ thêm, to: supplement, needs: [reason]}"]


def _decision(shape):
    lines = []
    if shape.visit:
        lines += ["visit:", "  name: Kiểm tra thực tế tại địa điểm", "  role: officer",
                  "  limit: 2 working_days", "  warn: [{at: due, to: unit_head}]", "  actions:",
                  "    passed: {name: \"Đạt, lập biên bản\", to: %s, needs: [documents]}"
                  % ("council" if shape.council else "review" if shape.review else "approve"),
                  "    again: {name: Thẩm định lại, to: appraise, needs: [reason]}"]
    if shape.council:
        lines += ["council:", "  name: Họp hội đồng thẩm định", "  role: officer", "  limit: 3 working_days",
                  "  actions:", "    agreed: {name: Hội đồng thông qua, to: %s}"
                  % ("review" if shape.review else "approve"),
                  "    not_yet: {name: Hội đồng yêu cầu làm lại, to: appraise, needs: [reason]}"]
    if shape.review:
        lines += ["review:", "  name: Lãnh đạo phòng xem xét", "  role: unit_head",
                  "  limit: 4 working_hours", "  warn: [{at: due, to: assignee}]", "  actions:",
                  "    agree: {name: Trình ký, to: approve}",
                  "    send_back: {name: Trả lại chuyên viên, to: appraise, needs: [reason]}"]
    short = shape.same_day
    lines += ["approve:", "  name: Ký kết quả", "  role: leader",
              "  limit: %s" % ("1 working_hour" if short else "4 working_hours"),
              "  warn: [{at: due, to: assignee}]", "  actions:",
              "    approve: {name: Ký, to: issue_result, needs: [result]}",
              "    send_back: {name: Trả lại để xử lý, to: appraise, needs: [reason]}",
              "    refuse: {name: Từ chối giải quyết, end: refused, needs: [reason], "
              "effects: [finish, {issue: refusal}]}"]
    after = "linked_work" if shape.spawn else "return_result"
    lines += ["issue_result:", "  name: \"Cấp số, đóng dấu, phát hành\"", "  role: clerk",
              "  limit: %s" % ("1 working_hour" if short else "2 working_hours"), "  actions:"]
    if shape.spawn:
        lines += ["    issue:", "      name: Phát hành", "      to: linked_work", "      effects:",
                  "        - finish"] + ["        " + line for line in shape.spawn]
    else:
        lines += ["    issue: {name: Phát hành, to: %s, effects: [finish]}" % after]
    lines += ["    send_back: {name: Trả lại người ký, to: approve, needs: [reason]}"]
    if shape.spawn:
        lines += ["linked_work:", "  name: Chờ kết quả của thủ tục liên thông", "  wait: linked",
                  "  linked: all", "  actions:", "    done: {to: return_result}",
                  "    failed: {to: check_linked}",
                  "  timeout: {after: 20 working_days, to: check_linked}",
                  "check_linked:", "  name: Xem xét thủ tục liên thông không thành", "  role: officer",
                  "  state: finished", "  actions:",
                  "    go_on: {name: Trả kết quả đã có, to: return_result, needs: [reason]}"]
    return lines


def _hand_over(shape):
    lines = ["return_result:", "  name: Trả kết quả", "  role: receiver", "  agency: receiving", "  actions:",
             "    hand_over: {name: Trả tại quầy, end: returned, needs: [receiver]}",
             "    publish:", "      name: Trả bản điện tử",
             "      when: 'dossier.delivery.method == \"electronic\"'", "      end: returned",
             "      effects: [publish_result]"]
    if shape.postal:
        lines += ["    post:", "      name: Bàn giao cho bưu chính",
                  "      when: 'dossier.delivery.method == \"post\"'", "      to: in_post",
                  "      effects: [post_return]",
                  "in_post:", "  name: Bưu chính đang chuyển kết quả", "  wait: post", "  actions:",
                  "    delivered: {end: returned}", "    came_back: {to: return_result}",
                  "    retrieve: {name: Nhận lại kết quả tại quầy, by: receiver, to: return_result, "
                  "needs: [reason]}"]
    return lines


def steps(shape):
    """The lines of `steps:`, without indentation."""
    used = 1 + 1 + 1 if shape.same_day else 1 + 4 + 2  # forward, approve, issue
    used += 2 * shape.assign + 4 * shape.review + 16 * shape.visit + 24 * shape.council
    if shape.experts:
        used += (8 if shape.hours < 80 else 16) + 2
    return (_intake(shape) + _appraisal(shape, max(1, shape.hours - used)) + _SUPPLEMENT
            + _decision(shape) + _hand_over(shape))
