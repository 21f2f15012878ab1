#include "conf/check_law.h"

#include <string.h>

#include "conf/check_move.h"

static bool needs(const struct move *move, unsigned need)
{
    return move->action != NULL && (move->action->needs & need) != 0;
}

static bool does(const struct move *move, enum effect_kind kind)
{
    return effects_have(move->effects, move->effect_count, kind);
}

static bool gives(const struct move *move, enum form_id form)
{
    return effects_issue(move->effects, move->effect_count, form);
}

static bool ends_as(const struct move *move, enum dossier_state state)
{
    return move->target->kind == TARGET_END && move->target->end == state;
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

static bool joined_at(const struct procedure *procedure, int at)
{
    for (size_t s = 0; s < procedure->step_count; s++) {
        const struct step *step = &procedure->steps[s];

        if (step->timeout.present && step->timeout.to.kind == TARGET_JOIN &&
            step->timeout.to.steps[0] == at)
            return true;
        for (size_t a = 0; a < step->action_count; a++) {
            if (step->actions[a].to.kind == TARGET_JOIN && step->actions[a].to.steps[0] == at)
                return true;
        }
    }
    return false;
}

/* What a step says of itself and nothing would heed. */
static void idle_words(struct plugin_check *check, const struct step *step)
{
    const struct value *source = rule_step_source(check, step);

    if (step->wait == WAIT_NOTHING && value_get(source, "clock") != NULL)
        rule_fault_step(check, RULE_WAIT_RUNNING, step, NULL,
                        "bước \"%s\" không chờ ai nên thời hạn vẫn chạy; \"clock: running\" "
                        "chỉ ở bước chờ (wait), cần bỏ",
                        step->id);
    if (value_get(source, "join") != NULL &&
        !joined_at(check->procedure, (int)(step - check->procedure->steps)))
        rule_fault_step(check, RULE_JOIN_OUTSIDE, step, NULL,
                        "bước \"%s\" nói các nhánh gặp nhau thế nào (join) mà không nhánh nào "
                        "chờ nhau ở đó; cần \"join: %s\" ở hành động cuối mỗi nhánh, hoặc bỏ",
                        step->id, step->id);
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

            if (effects_issue(action->effects, action->effect_count, FORM_SUPPLEMENT_REQUEST) &&
                action->to.kind == TARGET_STEP && action->to.steps[0] == to->steps[0])
                return true;
        }
    }
    return false;
}

static void supplement(struct plugin_check *check, const struct move *move)
{
    if (!gives(move, FORM_SUPPLEMENT_REQUEST)) {
        if (move->action != NULL && by_staff(move->step, move->action) &&
            !needs(move, NEED_REASON) && waits_for_papers(check->procedure, move->target))
            MOVE_TELL(
                check, move, RULE_SUPPLEMENT_NEEDS,
                "\"%s\" của bước \"%s\" lại chờ người nộp bổ sung mà không nêu lý do; cần \"needs: "
                "[reason]\"",
                move_name(move), move->step->id);
        if (needs(move, NEED_PAPERS))
            MOVE_TELL(
                check, move, RULE_SUPPLEMENT_NEEDS,
                "\"%s\" của bước \"%s\" đòi nêu giấy tờ (needs: papers) mà không ban hành phiếu "
                "yêu cầu bổ sung; cần \"effects: [{issue: supplement_request}]\"",
                move_name(move), move->step->id);
        return;
    }
    if (!needs(move, NEED_REASON) || !needs(move, NEED_PAPERS))
        MOVE_TELL(check, move, RULE_SUPPLEMENT_NEEDS,
                  "yêu cầu bổ sung \"%s\" của bước \"%s\" cần \"needs: [reason, papers]\": lý "
                  "do và đủ các giấy tờ, hướng dẫn một lần",
                  move_name(move), move->step->id);
    if (!goes_to_wait(check, move->target, WAIT_APPLICANT))
        MOVE_TELL(check, move, RULE_SUPPLEMENT_WAIT,
                  "yêu cầu bổ sung \"%s\" của bước \"%s\" cần chuyển tới một bước chờ người "
                  "nộp (wait: applicant)",
                  move_name(move), move->step->id);
}

static void ending(struct plugin_check *check, const struct move *move)
{
    enum form_id form = FORM_REFUSAL;

    if (move->target->kind != TARGET_END || move->target->end == STATE_RETURNED ||
        move->target->end == STATE_WITHDRAWN)
        return;
    if (move->action != NULL && by_staff(move->step, move->action) && !needs(move, NEED_REASON))
        MOVE_TELL(check, move, RULE_REASON,
                  "\"%s\" của bước \"%s\" kết thúc bằng \"%s\" cần nêu lý do: \"needs: "
                  "[reason]\"",
                  move_name(move), move->step->id, state_info(move->target->end)->code);
    if (move->target->end == STATE_STOPPED)
        form = FORM_STOP_NOTICE;
    if (!gives(move, form))
        MOVE_TELL(check, move, RULE_FORM,
                  "\"%s\" của bước \"%s\" kết thúc bằng \"%s\" cần ban hành mẫu: \"effects: "
                  "[{issue: %s}]\"",
                  move_name(move), move->step->id, state_info(move->target->end)->code,
                  form_id_code(form));
}

/* It is the applicant's to withdraw; people at the desk enter it as every procedure has it. */
static void withdrawal(struct plugin_check *check, const struct move *move)
{
    if (ends_as(move, STATE_WITHDRAWN) &&
        (move->action == NULL || move->action->by != ROLE_APPLICANT))
        MOVE_TELL(
            check, move, RULE_WITHDRAWN,
            "\"%s\" của bước \"%s\" kết thúc bằng \"withdrawn\" mà không do người nộp rút; chỉ "
            "hành động của người nộp (by: applicant) kết thúc như vậy",
            move_name(move), move->step->id);
}

/* The office decides: no party gives a result or refuses. Who carries and who takes the money sign
 * nothing, though they may be the ones at the desk who take a dossier in or do not. */
static bool signs(enum role role)
{
    return role_is_staff(role) && role != ROLE_POSTAL && role != ROLE_CASHIER;
}

static void decision(struct plugin_check *check, const struct move *move)
{
    enum role role;

    if (move->action == NULL)
        return;
    role = move->action->by == ROLE_NONE ? move->step->role : move->action->by;
    if (!role_is_staff(role) && move->step->wait == WAIT_NOTHING)
        return; /* K136 tells of it */
    if (needs(move, NEED_RESULT) && !signs(role))
        MOVE_TELL(check, move, RULE_DECIDES,
                  "\"%s\" của bước \"%s\" đòi kết quả (needs: result) ở \"%s\", bên không giải "
                  "quyết hồ sơ; cần hành động của người ký: leader, unit_head, officer",
                  move_name(move), move->step->id, role_code(role));
    if ((ends_as(move, STATE_NOT_ACCEPTED) || ends_as(move, STATE_REFUSED) ||
         ends_as(move, STATE_STOPPED)) &&
        (role == ROLE_APPLICANT || role == ROLE_POST))
        MOVE_TELL(check, move, RULE_DECIDES,
                  "\"%s\" của bước \"%s\" kết thúc bằng \"%s\" do \"%s\", bên không giải quyết hồ "
                  "sơ; cần hành động của cán bộ, người nộp thôi không làm nữa là \"withdrawn\"",
                  move_name(move), move->step->id, state_info(move->target->end)->code,
                  role_code(role));
}

static size_t forms_given(const struct move *move, enum form_id form)
{
    size_t count = 0;

    for (size_t i = 0; i < move->effect_count; i++)
        count += move->effects[i].kind == EFFECT_ISSUE && move->effects[i].form == form;
    return count;
}

static void form_at(struct plugin_check *check, const struct move *move, enum form_id form,
                    bool right, const char *where)
{
    size_t count = forms_given(move, form);

    if (count > 1)
        MOVE_TELL(check, move, RULE_FORM_PLACE,
                  "\"%s\" của bước \"%s\" ban hành mẫu \"%s\" hai lần; chỉ cần một lần",
                  move_name(move), move->step->id, form_id_code(form));
    else if (count == 1 && !right)
        MOVE_TELL(
            check, move, RULE_FORM_PLACE,
            "\"%s\" của bước \"%s\" ban hành mẫu \"%s\" không đúng chỗ: mẫu này chỉ đi cùng %s",
            move_name(move), move->step->id, form_id_code(form), where);
}

/* Decree 61/2018, Art 17: the receipt is for what is accepted, the refusal and the notice of
 * stopping for what ends so. Art 17.4: what is settled on the spot needs no receipt. An apology
 * (Art 19.9) names the new date, so it is the action's that moves it; slip and register are printed
 * of what there is when somebody asks. */
static void forms(struct plugin_check *check, const struct move *move)
{
    bool accepts = does(move, EFFECT_ACCEPT);

    if (accepts && !check->procedure->on_the_spot && !gives(move, FORM_RECEIPT))
        MOVE_TELL(
            check, move, RULE_RECEIPT,
            "\"%s\" của bước \"%s\" tiếp nhận (accept) mà không giao giấy tiếp nhận và hẹn trả; "
            "cần "
            "\"effects: [accept, {issue: receipt}]\"",
            move_name(move), move->step->id);
    form_at(check, move, FORM_RECEIPT, accepts, "tiếp nhận (accept)");
    form_at(check, move, FORM_REFUSAL,
            ends_as(move, STATE_NOT_ACCEPTED) || ends_as(move, STATE_REFUSED),
            "\"end: not_accepted\" hoặc \"end: refused\"");
    form_at(check, move, FORM_STOP_NOTICE, ends_as(move, STATE_STOPPED), "\"end: stopped\"");
    form_at(check, move, FORM_SUPPLEMENT_REQUEST, true, "");
    form_at(check, move, FORM_APOLOGY, false,
            "việc xin lỗi, hẹn lại mà hồ sơ nào cũng có, không khai trong quy trình");
    form_at(check, move, FORM_CONTROL_SLIP, false, "lúc có người in phiếu, không do hành động");
    form_at(check, move, FORM_REGISTER, false, "lúc có người in sổ, không do hành động");
}

/* Decree 61/2018, Art 20: a result is handed to somebody, whose name is written down, or it is
 * there to be fetched electronically. */
static void handing_over(struct plugin_check *check, const struct move *move)
{
    bool desk = move->action == NULL || by_staff(move->step, move->action);

    if (ends_as(move, STATE_RETURNED) && desk && !needs(move, NEED_RECEIVER) &&
        !does(move, EFFECT_PUBLISH_RESULT))
        MOVE_TELL(
            check, move, RULE_HANDED_OVER,
            "\"%s\" của bước \"%s\" kết thúc bằng \"returned\" mà không ghi ai nhận kết quả; cần "
            "\"needs: [receiver]\", hoặc \"effects: [publish_result]\" khi trả bản điện tử",
            move_name(move), move->step->id);
    if (does(move, EFFECT_PUBLISH_RESULT) && !any_electronic(check->procedure))
        MOVE_TELL(
            check, move, RULE_ELECTRONIC,
            "\"%s\" của bước \"%s\" trả bản điện tử (publish_result) mà không kết quả nào có bản "
            "điện tử; cần \"electronic: true\" ở \"results\"",
            move_name(move), move->step->id);
}

static size_t orders(const struct move *move, enum effect_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < move->effect_count; i++)
        count += move->effects[i].kind == kind;
    return count;
}

static void postal_effects(struct plugin_check *check, const struct move *move)
{
    const struct procedure *procedure = check->procedure;
    size_t returns = orders(move, EFFECT_POST_RETURN), collects = orders(move, EFFECT_POST_COLLECT);
    bool waits_for = goes_to_wait(check, move->target, WAIT_POST);

    /* One parcel at a time each way: the second order is refused, and the action with it. */
    if (returns > 1 || collects > 1)
        MOVE_TELL(check, move, RULE_POSTAL,
                  "\"%s\" của bước \"%s\" gọi bưu chính hai lần cùng một chiều; chỉ cần một "
                  "lần",
                  move_name(move), move->step->id);
    if (!procedure->postal_return && returns > 0)
        MOVE_TELL(check, move, RULE_POSTAL,
                  "\"%s\" của bước \"%s\" gửi kết quả qua bưu chính (post_return) mà "
                  "\"postal.return\" không cho phép",
                  move_name(move), move->step->id);
    if (!procedure->postal_collect && collects > 0)
        MOVE_TELL(check, move, RULE_POSTAL,
                  "\"%s\" của bước \"%s\" thu gom qua bưu chính (post_collect) mà "
                  "\"postal.collect\" không cho phép",
                  move_name(move), move->step->id);
    if (returns > 0 && !waits_for)
        MOVE_TELL(
            check, move, RULE_POST_WAIT,
            "\"%s\" của bước \"%s\" gửi kết quả qua bưu chính (post_return) cần chuyển tới một "
            "bước chờ bưu chính (wait: post)",
            move_name(move), move->step->id);
    if (waits_for && returns + collects == 0)
        MOVE_TELL(
            check, move, RULE_POST_WAIT,
            "\"%s\" của bước \"%s\" chuyển tới bước chờ bưu chính mà không gửi gì qua bưu chính; "
            "cần \"effects: [post_return]\"",
            move_name(move), move->step->id);
}

static void payment_request(struct plugin_check *check, const struct move *move)
{
    bool asks = does(move, EFFECT_REQUEST_PAYMENT);

    if (asks != goes_to_wait(check, move->target, WAIT_PAYMENT))
        MOVE_TELL(check, move, RULE_PAYMENT_WAIT,
                  "\"%s\" của bước \"%s\": yêu cầu nộp tiền (request_payment) và bước chờ nộp "
                  "tiền (wait: payment) phải đi cùng nhau",
                  move_name(move), move->step->id);
    if (orders(move, EFFECT_REQUEST_PAYMENT) > 1)
        MOVE_TELL(check, move, RULE_PAYMENT_WAIT,
                  "\"%s\" của bước \"%s\" yêu cầu nộp tiền hai lần; chỉ cần một lần",
                  move_name(move), move->step->id);
    if (asks && check->procedure->fee_count == 0)
        MOVE_TELL(check, move, RULE_FEE_NONE,
                  "\"%s\" của bước \"%s\" yêu cầu nộp tiền mà thủ tục không có khoản thu nào",
                  move_name(move), move->step->id);
}

static void look_at(struct plugin_check *check, const struct move *move)
{
    supplement(check, move);
    ending(check, move);
    withdrawal(check, move);
    decision(check, move);
    forms(check, move);
    handing_over(check, move);
    postal_effects(check, move);
    payment_request(check, move);
}

void check_law(struct plugin_check *check)
{
    for (size_t i = 0; i < check->procedure->step_count; i++) {
        const struct step *step = &check->procedure->steps[i];
        struct move move;

        waits(check, step);
        idle_words(check, step);
        alone(check, step);
        for (size_t a = 0; a < step->action_count; a++) {
            party(check, step, &step->actions[a]);
            move = move_of_action(step, &step->actions[a]);
            look_at(check, &move);
        }
        if (step->timeout.present && step->timeout.action == NULL) {
            move = move_of_timeout(step);
            look_at(check, &move);
        }
    }
}
