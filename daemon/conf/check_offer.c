#include "conf/check_offer.h"

#include <string.h>

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

/* Decree 61/2018, Art 19.4: the office asks within 3 working days of reception, unless the sector's
 * law gives it another time; none at all is a law's to say. Before acceptance no such clock runs.
 */
static void supplement_time(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;
    const struct value *stages = value_get(procedure->source, "supplement");
    const struct value *intake = value_get(stages, "intake");
    const struct value *appraisal = value_get(stages, "appraisal");

    if (procedure->appraisal.max > 0 && procedure->appraisal.within.unit == LIMIT_NONE &&
        (value_get(appraisal, "within") == NULL || value_get(appraisal, "basis") == NULL))
        rule_fault(
            check, RULE_WITHIN, appraisal,
            "\"supplement.appraisal\" không nêu cơ quan phải yêu cầu bổ sung trong bao lâu; "
            "cần \"within: 3 working_days\" (Nghị định 61/2018/NĐ-CP, Điều 19 khoản 4), hoặc "
            "thời gian của luật chuyên ngành; không hạn thì \"within: none\" kèm \"basis\"");
    if (value_get(intake, "within") != NULL || value_get(intake, "then") != NULL)
        rule_fault(check, RULE_WITHIN, intake,
                   "\"supplement.intake\": trước khi tiếp nhận chưa tính thời hạn, nên không có "
                   "\"within\" và \"then\"; cần bỏ, hạn kiểm tra là \"limit\" của bước tiếp nhận");
}

/* The portal and the counter ask it with two answers. */
static void screening(struct plugin_check *check)
{
    const char *stop = check->procedure->screening_stop_when;

    if (stop != NULL && strcmp(stop, "yes") != 0 && strcmp(stop, "no") != 0)
        rule_fault(check, RULE_SCREENING,
                   value_get(value_get(check->procedure->source, "screening"), "stop_when"),
                   "\"stop_when: %s\": câu hỏi sàng lọc được trả lời có hoặc không; cần \"yes\" "
                   "hoặc \"no\", trong ngoặc kép",
                   stop);
}

static void post(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;
    const struct value *source = procedure->source, *postal = value_get(source, "postal");

    if (procedure->channel_open[CHANNEL_POST] && !procedure->postal_collect)
        rule_fault(check, RULE_POSTAL, value_get(source, "channels"),
                   "có kênh \"post\" mà \"postal.collect\" không cho phép nhận qua bưu chính");
    if (!procedure->postal_return && procedure_has_wait(procedure, WAIT_POST))
        rule_fault(check, RULE_POSTAL, postal,
                   "quy trình có bước chờ bưu chính mà \"postal.return\" không cho phép");
    if ((procedure->postal_collect || procedure->postal_return) && procedure->presence_required &&
        !procedure->authorisation_allowed)
        rule_fault(check, RULE_PRESENCE, postal,
                   "người nộp phải có mặt và không được uỷ quyền thì không qua bưu chính (QĐ "
                   "45/2016/QĐ-TTg, Điều 1); cần \"collect: false, return: false\"");
    if (procedure->postal_return && !procedure_has_effect(procedure, EFFECT_POST_RETURN))
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
    if (!afar || procedure_has_wait(procedure, WAIT_PAYMENT))
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
    return procedure_has_effect(procedure, EFFECT_POST_RETURN) ||
           procedure_has_effect(procedure, EFFECT_PUBLISH_RESULT);
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

/* The first open channel that a map by channel leaves out; NULL: none, or it is
 * no map. */
static const char *left_out(const struct procedure *procedure, const struct value *map)
{
    for (int c = CHANNEL_DIRECT; map != NULL && map->kind == VALUE_MAP && c < CHANNEL_SLOTS; c++) {
        const char *code = channel_code((enum channel)c);

        if (procedure->channel_open[c] && value_get(map, code) == NULL)
            return code;
    }
    return NULL;
}

/* A channel that is forgotten would have no limit, or be free of charge, and
 * nobody said so. */
static void channels(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;
    static const char *const limits[] = {"limit", "limit_after"};
    const char *code;

    for (size_t i = 0; i < procedure->fee_count; i++) {
        const struct value *at = value_at(value_get(procedure->source, "fees"), i);

        code = left_out(procedure, value_get(at, "amount"));
        if (code != NULL)
            rule_fault(check, RULE_CHANNELS, value_get(at, "amount"),
                       "khoản thu \"%s\" nêu mức theo kênh mà thiếu kênh \"%s\" đang "
                       "mở; cần mức "
                       "của kênh đó, không thu thì \"%s: 0\"",
                       procedure->fees[i].id, code, code);
    }
    for (size_t i = 0; i < procedure->step_count; i++) {
        const struct step *step = &procedure->steps[i];

        for (size_t k = 0; k < DVC_COUNT(limits); k++) {
            code = left_out(procedure, value_get(rule_step_source(check, step), limits[k]));
            if (code != NULL)
                rule_fault_step(check, RULE_CHANNELS, step, NULL,
                                "bước \"%s\" nêu \"%s\" theo kênh mà thiếu kênh \"%s\" đang mở; "
                                "cần hạn của kênh đó, không hạn thì \"%s: none\"",
                                step->id, limits[k], code, code);
        }
    }
}

void check_offer(struct plugin_check *check)
{
    const struct procedure *procedure = check->procedure;

    supplement_once(check, "intake", procedure->intake.max);
    supplement_once(check, "appraisal", procedure->appraisal.max);
    supplement_time(check);
    screening(check);
    channels(check);
    post(check);
    level(check);
    for (size_t i = 0; i < procedure->fee_count; i++)
        fee(check, &procedure->fees[i], value_at(value_get(procedure->source, "fees"), i));
}
