/* calendar_fixture.h - the calendar of law-and-practice 8.2 as plain input, and a second, slow
 * answer to everything a calendar can be asked: day by day, minute by minute, from that input
 * alone. */
#ifndef DVC_TEST_CALENDAR_FIXTURE_H
#define DVC_TEST_CALENDAR_FIXTURE_H

#include "core/calendar.h"

/* 2023 to 2026, Monday to Friday 07:00-11:30 and 13:30-17:00; 23/12/2025 is a morning only,
 * 24/12/2025 has hours of its own, on 07/10/2025 the agency is closed. With `saturday`, Saturday
 * mornings are open without being working days. */
struct calendar_spec fixture_spec(bool saturday);
struct calendar *fixture_calendar(struct arena *arena, bool saturday);

day_t fixture_day(const char *text); /* "2026-01-10" */
wall_t fixture_at(const char *text); /* "2026-01-10 09:00" or with seconds, local */
const char *fixture_text(wall_t at); /* the same way; four results live at a time */
const char *fixture_day_text(day_t day);

bool naive_open(const struct calendar_spec *spec, day_t day, int minute);
bool naive_working(const struct calendar_spec *spec, day_t day);
uint64_t fixture_random(uint64_t *seed); /* splitmix64 */

#endif
