#include "conf/check_move.h"

struct move move_of_action(const struct step *step, const struct action *action)
{
    return (struct move){.step = step,
                         .action = action,
                         .effects = action->effects,
                         .effect_count = action->effect_count,
                         .target = &action->to};
}

struct move move_of_timeout(const struct step *step)
{
    return (struct move){.step = step,
                         .effects = step->timeout.effects,
                         .effect_count = step->timeout.effect_count,
                         .target = &step->timeout.to};
}

const char *move_name(const struct move *move)
{
    return move->action != NULL ? move->action->id : "hết hạn chờ";
}

/* People at a desk, not the clock, nor whoever is waited for. */
static bool by_staff(const struct move *move)
{
    return move->action != NULL && !move->action->is_default &&
           role_is_staff(move->action->by == ROLE_NONE ? move->step->role : move->action->by);
}

static void do_accept(struct plugin_check *check, const struct move *move, struct marking *marking)
{
    if (marking->clock != MARKING_BEFORE)
        MOVE_TELL(
            check, move, RULE_ACCEPT_ONCE,
            "\"%s\" của bước \"%s\" tiếp nhận (accept) khi hồ sơ đã được tiếp nhận; chỉ tiếp nhận "
            "một lần",
            move_name(move), move->step->id);
    else
        marking->clock = MARKING_RUNNING;
    if (!by_staff(move))
        MOVE_TELL(
            check, move, RULE_ACCEPT_ONCE,
            "\"%s\" của bước \"%s\" tiếp nhận (accept) mà không có ai kiểm tra hồ sơ; cần một hành "
            "động của cán bộ, không tự động",
            move_name(move), move->step->id);
    marking->asked = 0;
}

static void do_pause(struct plugin_check *check, const struct move *move, struct marking *marking)
{
    if (marking->clock == MARKING_RUNNING)
        marking->clock = MARKING_HELD;
    else if (marking->clock == MARKING_HELD)
        MOVE_TELL(check, move, RULE_PAUSE_ONCE,
                  "\"%s\" của bước \"%s\" tạm dừng (pause) khi thời hạn đang tạm dừng rồi",
                  move_name(move), move->step->id);
    else
        MOVE_TELL(
            check, move, RULE_CLOCK_STARTED,
            "\"%s\" của bước \"%s\" tạm dừng (pause) khi thời hạn chưa chạy hoặc đã kết thúc; cần "
            "sau accept và trước finish",
            move_name(move), move->step->id);
}

/* Decree 61/2018, Art 19.4: what the procedure says of the time after a supplement is what its
 * workflow does. A hold for another reason goes on as it likes. */
static void after_supplement(struct plugin_check *check, const struct move *move, bool resumes)
{
    const struct procedure *procedure = check->procedure;

    if (procedure->appraisal.max > 0 && procedure->appraisal.resume != resumes)
        MOVE_TELL(
            check, move, RULE_AFTER_SUPPLEMENT,
            "\"%s\" của bước \"%s\" %s thời hạn sau khi bổ sung, khác \"supplement.appraisal.then: "
            "%s\"; cần cùng một cách",
            move_name(move), move->step->id, resumes ? "tính tiếp (resume)" : "tính lại (restart)",
            resumes ? "restart" : "resume");
}

static void do_go_on(struct plugin_check *check, const struct move *move, struct marking *marking,
                     bool resumes)
{
    if (marking->asked != 0 && marking->clock == MARKING_HELD && move->target->kind != TARGET_END)
        after_supplement(check, move, resumes);
    marking->asked = 0;
    if (marking->clock == MARKING_HELD)
        marking->clock = MARKING_RUNNING;
    else
        MOVE_TELL(
            check, move, RULE_NOT_HELD,
            "\"%s\" của bước \"%s\" tính tiếp hoặc tính lại thời hạn (resume, restart) khi thời "
            "hạn không tạm dừng",
            move_name(move), move->step->id);
}

static void do_finish(struct plugin_check *check, const struct move *move, struct marking *marking)
{
    bool refusal = move->target->kind == TARGET_END && move->target->end != STATE_RETURNED;

    if (marking->clock == MARKING_BEFORE)
        MOVE_TELL(check, move, RULE_CLOCK_STARTED,
                  "\"%s\" của bước \"%s\" kết thúc xử lý (finish) khi hồ sơ chưa được tiếp nhận",
                  move_name(move), move->step->id);
    else if (marking->clock == MARKING_FINISHED)
        MOVE_TELL(check, move, RULE_FINISH_ONCE,
                  "\"%s\" của bước \"%s\" kết thúc xử lý (finish) lần thứ hai; chỉ một lần",
                  move_name(move), move->step->id);
    else if (marking->clock == MARKING_HELD && !refusal)
        MOVE_TELL(
            check, move, RULE_FINISH_HELD,
            "\"%s\" của bước \"%s\" kết thúc xử lý (finish) khi thời hạn đang tạm dừng; cần resume "
            "hoặc restart trước đó",
            move_name(move), move->step->id);
    marking->clock = MARKING_FINISHED;
}

static void supplement(struct plugin_check *check, const struct move *move, uint8_t clock)
{
    const struct procedure *procedure = check->procedure;
    bool intake = clock == MARKING_BEFORE;
    int max = intake ? procedure->intake.max : procedure->appraisal.max;

    if (max == 0)
        MOVE_TELL(
            check, move, RULE_SUPPLEMENT_MAX,
            "\"%s\" của bước \"%s\" yêu cầu bổ sung %s nhưng \"supplement.%s.max\" chưa có; cần số "
            "lần nhiều nhất của giai đoạn này",
            move_name(move), move->step->id, intake ? "trước khi tiếp nhận" : "sau khi tiếp nhận",
            intake ? "intake" : "appraisal");
}

static const char *giving(const struct move *move)
{
    for (size_t i = 0; i < move->effect_count; i++) {
        if (move->effects[i].kind == EFFECT_PUBLISH_RESULT)
            return "công bố kết quả (publish_result)";
        if (move->effects[i].kind == EFFECT_POST_RETURN)
            return "gửi kết quả qua bưu chính (post_return)";
    }
    return "trả kết quả (returned)";
}

void move_gives(struct plugin_check *check, const struct move *move, const struct marking *marking)
{
    if (marking->result == 0)
        MOVE_TELL(check, move, RULE_RESULT_FIRST,
                  "\"%s\" của bước \"%s\" %s khi có thể chưa có kết quả; cần "
                  "một hành động có \"needs: [result]\" ở mọi đường tới đó",
                  move_name(move), move->step->id, giving(move));
    if (marking->clock != MARKING_FINISHED)
        MOVE_TELL(check, move, RULE_FINISH_FIRST,
                  "\"%s\" của bước \"%s\" %s khi chưa kết thúc xử lý; "
                  "cần tác động finish trước đó",
                  move_name(move), move->step->id, giving(move));
}

static void correct(struct plugin_check *check, const struct move *move)
{
    if (!move->had_result)
        MOVE_TELL(
            check, move, RULE_RESULT_FIRST,
            "\"%s\" của bước \"%s\" đính chính kết quả (correct_result) khi có thể chưa có kết quả "
            "nào",
            move_name(move), move->step->id);
    if (move->action == NULL || (move->action->needs & NEED_RESULT) == 0)
        MOVE_TELL(
            check, move, RULE_RESULT_FIRST,
            "\"%s\" của bước \"%s\" đính chính kết quả (correct_result) mà không đòi kết quả mới; "
            "cần \"needs: [result]\"",
            move_name(move), move->step->id);
}

/* QĐ 45/2016/QĐ-TTg, Art 5: the post brings the papers of a dossier, or what was still missing. */
static void collect(struct plugin_check *check, const struct move *move,
                    const struct marking *marking)
{
    if (marking->clock != MARKING_BEFORE && marking->asked == 0)
        MOVE_TELL(
            check, move, RULE_POST_WAIT,
            "\"%s\" của bước \"%s\" thu gom qua bưu chính (post_collect) khi không còn chờ giấy tờ "
            "nào; chỉ trước khi tiếp nhận, hoặc khi đã yêu cầu bổ sung",
            move_name(move), move->step->id);
}

void move_effects(struct plugin_check *check, const struct move *move, struct marking *marking)
{
    for (size_t i = 0; i < move->effect_count; i++) {
        switch (move->effects[i].kind) {
        case EFFECT_ACCEPT:
            do_accept(check, move, marking);
            break;
        case EFFECT_PAUSE:
            do_pause(check, move, marking);
            break;
        case EFFECT_RESUME:
            do_go_on(check, move, marking, true);
            break;
        case EFFECT_RESTART:
            do_go_on(check, move, marking, false);
            marking->again = check->procedure->appraisal.has_limit_after;
            break;
        case EFFECT_FINISH:
            do_finish(check, move, marking);
            break;
        case EFFECT_ISSUE:
            if (move->effects[i].form == FORM_SUPPLEMENT_REQUEST) {
                supplement(check, move, marking->clock);
                marking->asked = 1;
            }
            break;
        case EFFECT_SPAWN:
            if (marking->clock == MARKING_BEFORE)
                MOVE_TELL(
                    check, move, RULE_SPAWN_STAGE,
                    "\"%s\" của bước \"%s\" mở hồ sơ liên thông (spawn) khi hồ sơ chưa được tiếp "
                    "nhận; cần sau accept",
                    move_name(move), move->step->id);
            break;
        case EFFECT_PUBLISH_RESULT:
        case EFFECT_POST_RETURN:
            move_gives(check, move, marking);
            break;
        case EFFECT_CORRECT_RESULT:
            correct(check, move);
            break;
        case EFFECT_POST_COLLECT:
            collect(check, move, marking);
            break;
        case EFFECT_REQUEST_PAYMENT:
        case EFFECT_NOTIFY:
        case EFFECT_TAKE_BACK:
            break;
        }
    }
}
