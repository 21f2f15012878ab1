#include "service/offers.h"

static void needs(struct jw *jw, unsigned bits)
{
    jw_key(jw, "needs");
    jw_array(jw);
    for (unsigned bit = 1; bit != 0 && bit <= bits; bit <<= 1)
        if ((bits & bit) != 0)
            jw_str(jw, need_code((enum need)bit));
    jw_end_array(jw);
}

void offers_write(struct jw *jw, const struct offer *offers, size_t count)
{
    jw_key(jw, "actions");
    jw_array(jw);
    for (size_t i = 0; i < count; i++) {
        jw_object(jw);
        jw_kv_str(jw, "action", offers[i].action);
        jw_kv_str(jw, "name", offers[i].name);
        needs(jw, offers[i].needs);
        jw_end_object(jw);
    }
    jw_end_array(jw);
}
