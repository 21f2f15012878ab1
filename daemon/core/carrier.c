#include "core/carrier.h"

const struct carrier_customer *vnpost_target_customer(const struct vnpost_target *target,
                                                      struct slice agency)
{
    while (agency.len > 0) {
        for (size_t i = 0; i < target->customer_count; i++) {
            for (size_t a = 0; a < target->customers[i].agency_count; a++) {
                if (slice_is(agency, target->customers[i].agencies[a]))
                    return &target->customers[i];
            }
        }
        do
            agency.len--;
        while (agency.len > 0 && agency.ptr[agency.len] != '.');
    }
    return NULL;
}

bool vnpost_target_state(const struct vnpost_target *target, enum parcel_direction direction,
                         int code, enum parcel_state *ret)
{
    for (size_t i = 0; i < target->status_count; i++) {
        if (target->statuses[i].code == code) {
            *ret =
                direction == PARCEL_COLLECT ? target->statuses[i].collect : target->statuses[i].ret;
            return true;
        }
    }
    return false;
}

int vnpost_target_province(const struct vnpost_target *target, struct slice code)
{
    for (size_t i = 0; i < target->province_count; i++) {
        if (slice_is(code, target->provinces[i].code))
            return target->provinces[i].number;
    }
    return 0;
}
