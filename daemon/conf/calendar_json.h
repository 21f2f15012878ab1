/* calendar_json.h - a calendar as the text that is published to the database and served from there.
 * Whole: what it extended is written out. Two calendars with the same text answer every question in
 * the same way. */
#ifndef DVC_CONF_CALENDAR_JSON_H
#define DVC_CONF_CALENDAR_JSON_H

#include "base/value.h"
#include "core/calendar.h"

/* Canonical JSON: members sorted bytewise, no blanks. Its SHA-256 names the version. */
void calendar_write(struct buf *buf, const struct calendar *calendar);
/* Back from a parsed text. -EINVAL when it is not one that calendar_write wrote, or the positive
 * result of calendar_new. Memory belongs to `arena`. */
int calendar_read(struct arena *arena, const struct value *root,
                  struct calendar **ret) DVC_MUSTCHECK;

/* The words both readers share. */
const char *calendar_kind_name(enum calendar_kind kind);                           /* "make_up" */
int calendar_kind_parse(struct slice text, enum calendar_kind *ret) DVC_MUSTCHECK; /* or -EINVAL */
const char *calendar_half_name(enum calendar_half half);
int calendar_half_parse(struct slice text, enum calendar_half *ret) DVC_MUSTCHECK;
const char *calendar_weekday_name(int weekday); /* 1 = "monday" .. 7 = "sunday" */
int calendar_weekday_parse(struct slice text);  /* 0 when it is none */
/* "07:00-11:30"; 0 or -EINVAL. Only the form is checked, and that both are times of a day. */
int calendar_session_parse(struct slice text, struct calendar_session *ret) DVC_MUSTCHECK;
void calendar_session_write(struct buf *buf, struct calendar_session session);

#endif
