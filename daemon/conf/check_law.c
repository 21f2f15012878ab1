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

/* What is done and where it leads: by an action, or by the timeout (action NULL). */
struct deed {
    const struct step *step;
    const struct action *action;
    const struct effect *effects;
    size_t effect_count;
    const struct target *to;
};

#define TELL(check, deed, rule, ...)                                                               \
    ((deed)->action != NULL                                                                        \
         ? rule_fault_step((check), (rule), (deed)->step, (deed)->action, __VA_ARGS__)             \
         : rule_fault_timeout((check), (rule), (deed)->step, __VA_ARGS__))

static const char *name_of(const struct deed *deed)
{
    return deed->action != NULL ? deed->action->id : "hết hạn chờ";
}

static bool needs(const struct deed *deed, unsigned need)
{
    return deed->action != NULL && (deed->action->needs & need) != 0;
}

static bool does(const struct deed *deed, enum effect_kind kind)
{
    return has_effect(deed->effects, deed->effect_count, kind);
}

static bool gives(const struct deed *deed, enum form_id form)
{
    return issues(deed->effects, deed->effect_count, form);
}

static bool ends_as(const struct deed *deed, enum dossier_state state)
{
    return deed->to->kind == TARGET_END && deed->to->end == state;
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

static bool any_electronic(const struct procedure *procedure)
{
    for (size_t i = 0; i < procedure->result_count; i++) {
        if (procedure->results[i].electronic)
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
    if (back != NULL && back->to.kind == TARGET_END)
        rule_fault_step(check, RULE_POST_OUT, step, back,
                        "bước \"%s\": chuyển hoàn (came_back) là chưa trả được kết quả, không kết "
                        "thúc hồ sơ; cần chuyển tới bước trả kết quả",
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
    for (size_t i = 0; i < step->action_count; i++) {
        if (step->actions[i].is_default && !by_staff(step, &step->actions[i]))
            rule_fault_step(
                check, RULE_ALONE_NEEDS, step, &step->actions[i],
                "hành động tự động \"%s\" của bước \"%s\" là việc của bên được chờ (%s), "
                "không tự xảy ra; cần bỏ \"automatic\", hoặc \"timeout\"",
                step->actions[i].id, step->id, role_code(step->actions[i].by));
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
 * action of theirs elsewhere is one that nobody can ever take. What is at a desk of the office the
 * applicant does not decide. */
static void party(struct plugin_check *check, const struct step *step, const struct action *action)
{
    bool heard = (action->by == ROLE_POST && step->wait == WAIT_POST) ||
                 (action->by == ROLE_PAYMENT && step->wait == WAIT_PAYMENT) ||
                 action->by == ROLE_LINKED ||
                 (action->by == ROLE_APPLICANT && step->wait != WAIT_NOTHING);

    if (action->by == ROLE_APPLICANT && !heard)
        rule_fault_step(check, RULE_PARTY_WAITS, step, action,
                        "hành động \"%s\" của bước \"%s\" là việc của cán bộ, không do người nộp "
                        "quyết định; cần bỏ \"by: applicant\", hoặc bước \"wait: applicant\"",
                        action->id, step->id);
    else if (action->by != ROLE_NONE && !role_is_staff(action->by) && !heard)
        rule_fault_step(check, RULE_PARTY_WAITS, step, action,
                        "hành động \"%s\" của bước \"%s\" thuộc bên \"%s\" mà bước không chờ bên "
                        "này, nên không ai làm được; cần \"wait\" hoặc \"by\" khác",
                        action->id, step->id, role_code(action->by));
}

/* Whether papers are what is waited for there: some action asks for them and leads there. */
static bool waits_for_papers(const struct procedure *procedure, const struct target *to)
{
    if (to->kind != TARGET_STEP || to->step_count != 1)
        return false;
    for (size_t s = 0; s < procedure->step_count; s++) {
        for (size_t a = 0; a < procedure->steps[s].action_count; a++) {
            const struct action *action = &procedure->steps[s].actions[a];

            if (issues(action->effects, action->effect_count, FORM_SUPPLEMENT_REQUEST) &&
                action->to.kind == TARGET_STEP && action->to.steps[0] == to->steps[0])
                return true;
        }
    }
    return false;
}

static void supplement(struct plugin_check *check, const struct deed *deed)
{
    if (!gives(deed, FORM_SUPPLEMENT_REQUEST)) {
        if (deed->action != NULL && by_staff(deed->step, deed->action) &&
            !needs(deed, NEED_REASON) && waits_for_papers(check->procedure, deed->to))
            TELL(
                check, deed, RULE_SUPPLEMENT_NEEDS,
                "\"%s\" của bước \"%s\" lại chờ người nộp bổ sung mà không nêu lý do; cần \"needs: "
                "[reason]\"",
                name_of(deed), deed->step->id);
        if (needs(deed, NEED_PAPERS))
            TELL(check, deed, RULE_SUPPLEMENT_NEEDS,
                 "\"%s\" của bước \"%s\" đòi nêu giấy tờ (needs: papers) mà không ban hành phiếu "
                 "yêu "
                 "cầu bổ sung; cần \"effects: [{issue: supplement_request}]\"",
                 name_of(deed), deed->step->id);
        return;
    }
    if (!needs(deed, NEED_REASON) || !needs(deed, NEED_PAPERS))
        TELL(check, deed, RULE_SUPPLEMENT_NEEDS,
             "yêu cầu bổ sung \"%s\" của bước \"%s\" cần \"needs: [reason, papers]\": lý "
             "do và đủ các giấy tờ, hướng dẫn một lần",
             name_of(deed), deed->step->id);
    if (!goes_to_wait(check, deed->to, WAIT_APPLICANT))
        TELL(check, deed, RULE_SUPPLEMENT_WAIT,
             "yêu cầu bổ sung \"%s\" của bước \"%s\" cần chuyển tới một bước chờ người "
             "nộp (wait: applicant)",
             name_of(deed), deed->step->id);
}

static void ending(struct plugin_check *check, const struct deed *deed)
{
    enum form_id form = FORM_REFUSAL;

    if (deed->to->kind != TARGET_END || deed->to->end == STATE_RETURNED ||
        deed->to->end == STATE_WITHDRAWN)
        return;
    if (deed->action != NULL && by_staff(deed->step, deed->action) && !needs(deed, NEED_REASON))
        TELL(check, deed, RULE_REASON,
             "\"%s\" của bước \"%s\" kết thúc bằng \"%s\" cần nêu lý do: \"needs: "
             "[reason]\"",
             name_of(deed), deed->step->id, state_info(deed->to->end)->code);
    if (deed->to->end == STATE_STOPPED)
        form = FORM_STOP_NOTICE;
    if (!gives(deed, form))
        TELL(check, deed, RULE_FORM,
             "\"%s\" của bước \"%s\" kết thúc bằng \"%s\" cần ban hành mẫu: \"effects: "
             "[{issue: %s}]\"",
             name_of(deed), deed->step->id, state_info(deed->to->end)->code, form_id_code(form));
}

/* It is the applicant's to withdraw; people at the desk enter it as every procedure has it. */
static void withdrawal(struct plugin_check *check, const struct deed *deed)
{
    if (ends_as(deed, STATE_WITHDRAWN) &&
        (deed->action == NULL || deed->action->by != ROLE_APPLICANT))
        TELL(check, deed, RULE_WITHDRAWN,
             "\"%s\" của bước \"%s\" kết thúc bằng \"withdrawn\" mà không do người nộp rút; chỉ "
             "hành động của người nộp (by: applicant) kết thúc như vậy",
             name_of(deed), deed->step->id);
}

static size_t forms_given(const struct deed *deed, enum form_id form)
{
    size_t count = 0;

    for (size_t i = 0; i < deed->effect_count; i++)
        count += deed->effects[i].kind == EFFECT_ISSUE && deed->effects[i].form == form;
    return count;
}

static void form_at(struct plugin_check *check, const struct deed *deed, enum form_id form,
                    bool right, const char *where)
{
    size_t count = forms_given(deed, form);

    if (count > 1)
        TELL(check, deed, RULE_FORM_PLACE,
             "\"%s\" của bước \"%s\" ban hành mẫu \"%s\" hai lần; chỉ cần một lần", name_of(deed),
             deed->step->id, form_id_code(form));
    else if (count == 1 && !right)
        TELL(check, deed, RULE_FORM_PLACE,
             "\"%s\" của bước \"%s\" ban hành mẫu \"%s\" không đúng chỗ: mẫu này chỉ đi cùng %s",
             name_of(deed), deed->step->id, form_id_code(form), where);
}

/* Decree 61/2018, Art 17: the receipt is for what is accepted, the refusal and the notice of
 * stopping for what ends so. Art 17.4: what is settled on the spot needs no receipt. */
static void forms(struct plugin_check *check, const struct deed *deed)
{
    bool accepts = does(deed, EFFECT_ACCEPT);

    if (accepts && !check->procedure->on_the_spot && !gives(deed, FORM_RECEIPT))
        TELL(check, deed, RULE_RECEIPT,
             "\"%s\" của bước \"%s\" tiếp nhận (accept) mà không giao giấy tiếp nhận và hẹn trả; "
             "cần "
             "\"effects: [accept, {issue: receipt}]\"",
             name_of(deed), deed->step->id);
    form_at(check, deed, FORM_RECEIPT, accepts, "tiếp nhận (accept)");
    form_at(check, deed, FORM_REFUSAL,
            ends_as(deed, STATE_NOT_ACCEPTED) || ends_as(deed, STATE_REFUSED),
            "\"end: not_accepted\" hoặc \"end: refused\"");
    form_at(check, deed, FORM_STOP_NOTICE, ends_as(deed, STATE_STOPPED), "\"end: stopped\"");
    form_at(check, deed, FORM_SUPPLEMENT_REQUEST, true, "");
}

/* Decree 61/2018, Art 20: a result is handed to somebody, whose name is written down, or it is
 * there to be fetched electronically. */
static void handing_over(struct plugin_check *check, const struct deed *deed)
{
    bool desk = deed->action == NULL || by_staff(deed->step, deed->action);

    if (ends_as(deed, STATE_RETURNED) && desk && !needs(deed, NEED_RECEIVER) &&
        !does(deed, EFFECT_PUBLISH_RESULT))
        TELL(check, deed, RULE_HANDED_OVER,
             "\"%s\" của bước \"%s\" kết thúc bằng \"returned\" mà không ghi ai nhận kết quả; cần "
             "\"needs: [receiver]\", hoặc \"effects: [publish_result]\" khi trả bản điện tử",
             name_of(deed), deed->step->id);
    if (does(deed, EFFECT_PUBLISH_RESULT) && !any_electronic(check->procedure))
        TELL(check, deed, RULE_ELECTRONIC,
             "\"%s\" của bước \"%s\" trả bản điện tử (publish_result) mà không kết quả nào có bản "
             "điện tử; cần \"electronic: true\" ở \"results\"",
             name_of(deed), deed->step->id);
}

static size_t orders(const struct deed *deed, enum effect_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < deed->effect_count; i++)
        count += deed->effects[i].kind == kind;
    return count;
}

static void postal_effects(struct plugin_check *check, const struct deed *deed)
{
    const struct procedure *procedure = check->procedure;
    size_t returns = orders(deed, EFFECT_POST_RETURN), collects = orders(deed, EFFECT_POST_COLLECT);
    bool waits_for = goes_to_wait(check, deed->to, WAIT_POST);

    /* One parcel at a time each way: the second order is refused, and the action with it. */
    if (returns > 1 || collects > 1)
        TELL(check, deed, RULE_POSTAL,
             "\"%s\" của bước \"%s\" gọi bưu chính hai lần cùng một chiều; chỉ cần một "
             "lần",
             name_of(deed), deed->step->id);
    if (!procedure->postal_return && returns > 0)
        TELL(check, deed, RULE_POSTAL,
             "\"%s\" của bước \"%s\" gửi kết quả qua bưu chính (post_return) mà "
             "\"postal.return\" không cho phép",
             name_of(deed), deed->step->id);
    if (!procedure->postal_collect && collects > 0)
        TELL(check, deed, RULE_POSTAL,
             "\"%s\" của bước \"%s\" thu gom qua bưu chính (post_collect) mà "
             "\"postal.collect\" không cho phép",
             name_of(deed), deed->step->id);
    if (returns > 0 && !waits_for)
        TELL(check, deed, RULE_POST_WAIT,
             "\"%s\" của bước \"%s\" gửi kết quả qua bưu chính (post_return) cần chuyển tới một "
             "bước chờ bưu chính (wait: post)",
             name_of(deed), deed->step->id);
    if (waits_for && returns + collects == 0)
        TELL(check, deed, RULE_POST_WAIT,
             "\"%s\" của bước \"%s\" chuyển tới bước chờ bưu chính mà không gửi gì qua bưu chính; "
             "cần \"effects: [post_return]\"",
             name_of(deed), deed->step->id);
}

static void payment_request(struct plugin_check *check, const struct deed *deed)
{
    bool asks = does(deed, EFFECT_REQUEST_PAYMENT);

    if (asks != goes_to_wait(check, deed->to, WAIT_PAYMENT))
        TELL(check, deed, RULE_PAYMENT_WAIT,
             "\"%s\" của bước \"%s\": yêu cầu nộp tiền (request_payment) và bước chờ nộp "
             "tiền (wait: payment) phải đi cùng nhau",
             name_of(deed), deed->step->id);
    if (orders(deed, EFFECT_REQUEST_PAYMENT) > 1)
        TELL(check, deed, RULE_PAYMENT_WAIT,
             "\"%s\" của bước \"%s\" yêu cầu nộp tiền hai lần; chỉ cần một lần", name_of(deed),
             deed->step->id);
    if (asks && check->procedure->fee_count == 0)
        TELL(check, deed, RULE_FEE_NONE,
             "\"%s\" của bước \"%s\" yêu cầu nộp tiền mà thủ tục không có khoản thu nào",
             name_of(deed), deed->step->id);
}

static void deed_of(struct plugin_check *check, const struct deed *deed)
{
    supplement(check, deed);
    ending(check, deed);
    withdrawal(check, deed);
    forms(check, deed);
    handing_over(check, deed);
    postal_effects(check, deed);
    payment_request(check, deed);
}

static void steps(struct plugin_check *check)
{
    for (size_t i = 0; i < check->procedure->step_count; i++) {
        const struct step *step = &check->procedure->steps[i];

        waits(check, step);
        alone(check, step);
        for (size_t a = 0; a < step->action_count; a++) {
            const struct action *action = &step->actions[a];

            party(check, step, action);
            deed_of(check, &(struct deed){step, action, action->effects, action->effect_count,
                                          &action->to});
        }
        if (step->timeout.present && step->timeout.action == NULL)
            deed_of(check, &(struct deed){step, NULL, step->timeout.effects,
                                          step->timeout.effect_count, &step->timeout.to});
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
        if (has_effect(step->timeout.effects, step->timeout.effect_count, kind))
            return true;
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

/* Whether the result can come to the applicant without anybody going to fetch it. */
static bool result_from_afar(const struct procedure *procedure)
{
    return any_effect(procedure, EFFECT_POST_RETURN) ||
           any_effect(procedure, EFFECT_PUBLISH_RESULT);
}

/* Toàn trình: all of it online, the result online or by the public post; one visit that must be
 * made and it is not. What is information only takes nothing online. */
static void level(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;
    const struct value *at = value_get(procedure->source, "level");
    bool online = procedure->channel_open[CHANNEL_ONLINE];

    if (procedure->level == LEVEL_FULL && !online)
        rule_fault(check, RULE_LEVEL, at,
                   "dịch vụ toàn trình (level: full) phải nhận hồ sơ trực tuyến; cần \"channels: "
                   "{online: ...}\", hoặc level khác");
    if (procedure->level == LEVEL_FULL && procedure->presence_required)
        rule_fault(check, RULE_LEVEL, at,
                   "dịch vụ toàn trình (level: full) không được buộc người nộp có mặt "
                   "(presence_required); phải đến một lần thì là một phần: \"level: partial\"");
    if (procedure->level == LEVEL_FULL && !result_from_afar(procedure))
        rule_fault(check, RULE_LEVEL, at,
                   "dịch vụ toàn trình (level: full) phải trả được kết quả trực tuyến hoặc qua bưu "
                   "chính; cần một hành động có \"effects: [publish_result]\" hoặc [post_return]");
    if (procedure->level == LEVEL_INFO && online)
        rule_fault(check, RULE_LEVEL, at,
                   "dịch vụ cung cấp thông tin (level: info) không nhận hồ sơ trực tuyến; cần bỏ "
                   "kênh \"online\", hoặc level khác");
}

void check_law(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;

    steps(check);
    supplement_once(check, "intake", procedure->intake.max);
    supplement_once(check, "appraisal", procedure->appraisal.max);
    post(check);
    level(check);
    for (size_t i = 0; i < procedure->fee_count; i++)
        fee(check, &procedure->fees[i], value_at(value_get(procedure->source, "fees"), i));
}
