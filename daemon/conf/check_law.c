#include "conf/check_law.h"

#include <string.h>

static bool has_effect(const struct effect *effects, size_t count, enum effect_kind kind)
{
    for (size_t i = 0; i < count; i++) {
        if (effects[i].kind == kind)
            return true;
    }
    return false;
}

static bool issues(const struct effect *effects, size_t count, enum form_id form)
{
    for (size_t i = 0; i < count; i++) {
        if (effects[i].kind == EFFECT_ISSUE && effects[i].form == form)
            return true;
    }
    return false;
}

static bool by_staff(const struct step *step, const struct action *action)
{
    enum role role = action->by == ROLE_NONE ? step->role : action->by;

    return role_is_staff(role);
}

static bool any_by(const struct step *step, enum role role)
{
    for (size_t i = 0; i < step->action_count; i++) {
        if (step->actions[i].by == role)
            return true;
    }
    return false;
}

static bool any_staff(const struct step *step)
{
    for (size_t i = 0; i < step->action_count; i++) {
        if (by_staff(step, &step->actions[i]))
            return true;
    }
    return false;
}

static bool goes_to_wait(const struct plugin_check *check, const struct target *target,
                         enum wait_for wait)
{
    return target->kind == TARGET_STEP && target->step_count == 1 &&
           check->procedure->steps[target->steps[0]].wait == wait;
}

/* A carrier may lose a parcel and never say so: besides its news the desk must be able to act. */
static void post_wait(struct plugin_check *check, const struct step *step)
{
    const struct action *delivered = step_action(step, SLICE_LIT("delivered"));
    const struct action *back = step_action(step, SLICE_LIT("came_back"));

    if (delivered == NULL || delivered->by != ROLE_POST || back == NULL || back->by != ROLE_POST)
        rule_fault_step(check, RULE_POST_OUT, step, NULL,
                        "bước \"%s\" chờ bưu chính cần hai hành động của bưu chính: \"delivered\" "
                        "(đã phát) và \"came_back\" (chuyển hoàn)",
                        step->id);
    if (!any_staff(step))
        rule_fault_step(check, RULE_POST_OUT, step, NULL,
                        "bước \"%s\" chờ bưu chính cần thêm một hành động của cán bộ (by: "
                        "receiver), để đi tiếp khi bưu gửi thất lạc mà bưu chính không báo",
                        step->id);
}

static void waits(struct plugin_check *check, const struct step *step)
{
    bool limited = false;

    if (step->wait == WAIT_POST)
        post_wait(check, step);
    else if (step->wait != WAIT_NOTHING && !step->timeout.present)
        rule_fault_step(check, RULE_WAIT_TIMEOUT, step, NULL,
                        "bước chờ \"%s\" không có hết hạn chờ; cần \"timeout\": chờ bao lâu rồi đi "
                        "đâu",
                        step->id);
    if (step->wait == WAIT_PAYMENT && !any_by(step, ROLE_PAYMENT))
        rule_fault_step(
            check, RULE_PAYMENT_WAIT, step, NULL,
            "bước chờ nộp tiền \"%s\" cần một hành động của bên thanh toán (by: payment)",
            step->id);
    for (int c = CHANNEL_DIRECT; c < CHANNEL_SLOTS; c++)
        limited = limited || step->limit[c].unit != LIMIT_NONE;
    if (step->rung_count > 0 && !limited)
        rule_fault_step(check, RULE_WARN_LIMIT, step, NULL,
                        "bước \"%s\" nhắc hạn (warn) mà không có thời hạn; cần \"limit\"",
                        step->id);
}

/* What the clock does by itself has nobody to give a reason or a result. */
static void alone(struct plugin_check *check, const struct step *step)
{
    const struct action *action = NULL;

    for (size_t i = 0; i < step->action_count; i++) {
        if (step->actions[i].is_default && step->actions[i].needs != 0)
            rule_fault_step(check, RULE_ALONE_NEEDS, step, &step->actions[i],
                            "hành động tự động \"%s\" của bước \"%s\" không được đòi \"needs\"",
                            step->actions[i].id, step->id);
    }
    if (step->timeout.action != NULL)
        action = step_action(step, slice_str(step->timeout.action));
    if (action != NULL && action->needs != 0)
        rule_fault_timeout(check, RULE_ALONE_NEEDS, step,
                           "hết hạn chờ của bước \"%s\" làm hành động \"%s\" có đòi \"needs\"; cần "
                           "một hành động không đòi gì",
                           step->id, action->id);
}

/* The post and the payment speak to steps that wait for them, the portal and the clock to none: an
 * action of theirs elsewhere is one that nobody can ever take. */
static void party(struct plugin_check *check, const struct step *step, const struct action *action)
{
    bool heard = (action->by == ROLE_POST && step->wait == WAIT_POST) ||
                 (action->by == ROLE_PAYMENT && step->wait == WAIT_PAYMENT) ||
                 action->by == ROLE_LINKED || action->by == ROLE_APPLICANT;

    if (action->by != ROLE_NONE && !role_is_staff(action->by) && !heard)
        rule_fault_step(check, RULE_PARTY_WAITS, step, action,
                        "hành động \"%s\" của bước \"%s\" thuộc bên \"%s\" mà bước không chờ bên "
                        "này, nên không ai làm được; cần \"wait\" hoặc \"by\" khác",
                        action->id, step->id, role_code(action->by));
}

static void supplement(struct plugin_check *check, const struct step *step,
                       const struct action *action)
{
    if (!issues(action->effects, action->effect_count, FORM_SUPPLEMENT_REQUEST))
        return;
    if ((action->needs & NEED_REASON) == 0 || (action->needs & NEED_PAPERS) == 0)
        rule_fault_step(
            check, RULE_SUPPLEMENT_NEEDS, step, action,
            "yêu cầu bổ sung \"%s\" của bước \"%s\" cần \"needs: [reason, papers]\": lý "
            "do và đủ các giấy tờ, hướng dẫn một lần",
            action->id, step->id);
    if (!goes_to_wait(check, &action->to, WAIT_APPLICANT))
        rule_fault_step(check, RULE_SUPPLEMENT_WAIT, step, action,
                        "yêu cầu bổ sung \"%s\" của bước \"%s\" cần chuyển tới một bước chờ người "
                        "nộp (wait: applicant)",
                        action->id, step->id);
}

static void ending(struct plugin_check *check, const struct step *step, const struct action *action)
{
    enum form_id form = FORM_REFUSAL;

    if (action->to.kind != TARGET_END || action->to.end == STATE_RETURNED ||
        action->to.end == STATE_WITHDRAWN)
        return;
    if (by_staff(step, action) && (action->needs & NEED_REASON) == 0)
        rule_fault_step(check, RULE_REASON, step, action,
                        "\"%s\" của bước \"%s\" kết thúc bằng \"%s\" cần nêu lý do: \"needs: "
                        "[reason]\"",
                        action->id, step->id, state_info(action->to.end)->code);
    if (action->to.end == STATE_STOPPED)
        form = FORM_STOP_NOTICE;
    if (!issues(action->effects, action->effect_count, form))
        rule_fault_step(check, RULE_FORM, step, action,
                        "\"%s\" của bước \"%s\" kết thúc bằng \"%s\" cần ban hành mẫu: \"effects: "
                        "[{issue: %s}]\"",
                        action->id, step->id, state_info(action->to.end)->code, form_id_code(form));
}

static size_t orders(const struct action *action, enum effect_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < action->effect_count; i++)
        count += action->effects[i].kind == kind;
    return count;
}

static void postal_effects(struct plugin_check *check, const struct step *step,
                           const struct action *action)
{
    const struct procedure *procedure = check->procedure;

    /* One parcel at a time each way: the second order is refused, and the action with it. */
    if (orders(action, EFFECT_POST_RETURN) > 1 || orders(action, EFFECT_POST_COLLECT) > 1)
        rule_fault_step(check, RULE_POSTAL, step, action,
                        "\"%s\" của bước \"%s\" gọi bưu chính hai lần cùng một chiều; chỉ cần một "
                        "lần",
                        action->id, step->id);

    if (!procedure->postal_return &&
        has_effect(action->effects, action->effect_count, EFFECT_POST_RETURN))
        rule_fault_step(check, RULE_POSTAL, step, action,
                        "\"%s\" của bước \"%s\" gửi kết quả qua bưu chính (post_return) mà "
                        "\"postal.return\" không cho phép",
                        action->id, step->id);
    if (!procedure->postal_collect &&
        has_effect(action->effects, action->effect_count, EFFECT_POST_COLLECT))
        rule_fault_step(check, RULE_POSTAL, step, action,
                        "\"%s\" của bước \"%s\" thu gom qua bưu chính (post_collect) mà "
                        "\"postal.collect\" không cho phép",
                        action->id, step->id);
}

static void payment_request(struct plugin_check *check, const struct step *step,
                            const struct action *action)
{
    bool asks = has_effect(action->effects, action->effect_count, EFFECT_REQUEST_PAYMENT);
    bool waits_for = goes_to_wait(check, &action->to, WAIT_PAYMENT);

    if (asks != waits_for)
        rule_fault_step(
            check, RULE_PAYMENT_WAIT, step, action,
            "\"%s\" của bước \"%s\": yêu cầu nộp tiền (request_payment) và bước chờ nộp "
            "tiền (wait: payment) phải đi cùng nhau",
            action->id, step->id);
    if (asks && check->procedure->fee_count == 0)
        rule_fault_step(check, RULE_FEE_NONE, step, action,
                        "\"%s\" của bước \"%s\" yêu cầu nộp tiền mà thủ tục không có khoản thu nào",
                        action->id, step->id);
}

static void steps(struct plugin_check *check)
{
    for (size_t i = 0; i < check->procedure->step_count; i++) {
        const struct step *step = &check->procedure->steps[i];

        waits(check, step);
        alone(check, step);
        for (size_t a = 0; a < step->action_count; a++) {
            party(check, step, &step->actions[a]);
            supplement(check, step, &step->actions[a]);
            ending(check, step, &step->actions[a]);
            postal_effects(check, step, &step->actions[a]);
            payment_request(check, step, &step->actions[a]);
        }
    }
}

/* Directive of Thanh Hóa 2018, 2.3: no more than one supplement request during appraisal; and
 * Decree 61/2018, Art 15.3 and 17.2: guided once, fully and correctly. More needs a law that says
 * so. */
static void supplement_once(struct plugin_check *check, const char *stage, int max)
{
    const struct value *map = value_get(value_get(check->procedure->source, "supplement"), stage);

    if (max > 1 && value_get(map, "basis") == NULL)
        rule_fault(
            check, RULE_SUPPLEMENT_ONE, map,
            "\"supplement.%s.max\" là %d: chỉ được yêu cầu bổ sung một lần mỗi giai đoạn; cần "
            "1, hoặc \"basis\" nêu căn cứ pháp lý cho nhiều lần hơn",
            stage, max);
}

static bool any_effect(const struct procedure *procedure, enum effect_kind kind)
{
    for (size_t i = 0; i < procedure->step_count; i++) {
        const struct step *step = &procedure->steps[i];

        for (size_t a = 0; a < step->action_count; a++) {
            if (has_effect(step->actions[a].effects, step->actions[a].effect_count, kind))
                return true;
        }
    }
    return false;
}

static bool any_wait(const struct procedure *procedure, enum wait_for wait)
{
    for (size_t i = 0; i < procedure->step_count; i++) {
        if (procedure->steps[i].wait == wait)
            return true;
    }
    return false;
}

static void post(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;
    const struct value *source = procedure->source, *postal = value_get(source, "postal");

    if (procedure->channel_open[CHANNEL_POST] && !procedure->postal_collect)
        rule_fault(check, RULE_POSTAL, value_get(source, "channels"),
                   "có kênh \"post\" mà \"postal.collect\" không cho phép nhận qua bưu chính");
    if (!procedure->postal_return && any_wait(procedure, WAIT_POST))
        rule_fault(check, RULE_POSTAL, postal,
                   "quy trình có bước chờ bưu chính mà \"postal.return\" không cho phép");
    if ((procedure->postal_collect || procedure->postal_return) && procedure->presence_required &&
        !procedure->authorisation_allowed)
        rule_fault(check, RULE_PRESENCE, postal,
                   "người nộp phải có mặt và không được uỷ quyền thì không qua bưu chính (QĐ "
                   "45/2016/QĐ-TTg, Điều 1); cần \"collect: false, return: false\"");
    if (procedure->postal_return && !any_effect(procedure, EFFECT_POST_RETURN))
        rule_fault(check, RULE_POSTAL_RETURN, postal,
                   "\"postal.return\" cho phép mà quy trình không có hành động gửi kết quả qua bưu "
                   "chính (effects: [post_return])");
}

static bool charged(const struct fee *fee, int channel)
{
    return fee->amount[channel] > 0;
}

/* Toàn trình: nobody has to come, so what is asked for must be payable from afar. */
static void fee(struct plugin_check *check, const struct fee *fee, const struct value *at)
{
    const struct procedure *procedure = check->procedure;
    bool any = false, afar = false;

    for (int c = CHANNEL_DIRECT; c < CHANNEL_SLOTS; c++) {
        any = any || (procedure->channel_open[c] && charged(fee, c));
        afar = afar || (c != CHANNEL_DIRECT && procedure->channel_open[c] && charged(fee, c));
    }
    if (!any)
        rule_fault(check, RULE_FEE_NONE, at,
                   "khoản thu \"%s\" bằng 0 ở mọi kênh; cần số tiền hoặc bỏ khoản thu", fee->id);
    if (!afar || any_wait(procedure, WAIT_PAYMENT))
        return;
    if (procedure->level == LEVEL_FULL)
        rule_fault(check, RULE_FEE_WAY, at,
                   "khoản thu \"%s\" của dịch vụ toàn trình không có cách nộp từ xa; cần một bước "
                   "\"wait: payment\" trong quy trình",
                   fee->id);
    else if (fee->pay == FEE_AT_SUBMIT)
        rule_fault(check, RULE_FEE_WAY, at,
                   "khoản thu \"%s\" phải nộp khi nộp hồ sơ trực tuyến hoặc bưu chính mà không có "
                   "cách nộp từ xa; cần một bước \"wait: payment\" hoặc \"pay: before_result\"",
                   fee->id);
}

void check_law(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;

    steps(check);
    supplement_once(check, "intake", procedure->intake.max);
    supplement_once(check, "appraisal", procedure->appraisal.max);
    post(check);
    for (size_t i = 0; i < procedure->fee_count; i++)
        fee(check, &procedure->fees[i], value_at(value_get(procedure->source, "fees"), i));
}
