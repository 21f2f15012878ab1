#include "base/wall.h"

#include <errno.h>
#include <string.h>

#define LOCAL_OFFSET_US (7 * US_PER_HOUR)

enum { YEAR_LEAST = 1, YEAR_MOST = 9999 };

/* Days from 0000-03-01 to 1970-01-01, and the days of a 400-year cycle. Years are counted from
 * March, so that the leap day is the last of its year and month lengths follow one formula. */
enum { DAYS_TO_1970 = 719468, DAYS_PER_CYCLE = 146097 };

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(int year, int month)
{
    static const int length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : length[month - 1];
}

/* Local midnight-based split: the day that holds `at`, and the microsecond of that day. */
static int64_t split(wall_t at, int64_t *ret_us)
{
    int64_t day = floor_div(at.us, US_PER_DAY);
    int64_t us = at.us - day * US_PER_DAY + LOCAL_OFFSET_US;

    if (us >= US_PER_DAY) {
        us -= US_PER_DAY;
        day++;
    }
    *ret_us = us;
    return day;
}

day_t day_of(wall_t at)
{
    int64_t us;

    if (wall_is_none(at))
        return DAY_NONE;
    return (day_t){(int32_t)split(at, &us)};
}

wall_t day_at(day_t day, int minute_of_day)
{
    int64_t us;

    if (day_is_none(day))
        return WALL_NONE;
    if (__builtin_mul_overflow((int64_t)day.n, US_PER_DAY, &us) ||
        __builtin_add_overflow(us, minute_of_day * US_PER_MINUTE - LOCAL_OFFSET_US, &us))
        return WALL_NONE;
    return (wall_t){us};
}

int wall_minute_of_day(wall_t at)
{
    int64_t us;

    split(at, &us);
    return (int)(us / US_PER_MINUTE);
}

day_t day_from_ymd(int year, int month, int day)
{
    int64_t y, cycle, year_of_cycle, day_of_year, n;

    if (year < YEAR_LEAST || year > YEAR_MOST || month < 1 || month > 12 || day < 1 ||
        day > month_length(year, month))
        return DAY_NONE;
    y = month <= 2 ? year - 1 : year;
    cycle = floor_div(y, 400);
    year_of_cycle = y - cycle * 400;
    day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    n = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
    return (day_t){(int32_t)(cycle * DAYS_PER_CYCLE + n - DAYS_TO_1970)};
}

int day_weekday(day_t day)
{
    /* 1970-01-01 was a Thursday. */
    int64_t n = (int64_t)day.n + 3;

    return (int)(n - floor_div(n, 7) * 7) + 1;
}

void day_to_ymd(day_t day, int *ret_year, int *ret_month, int *ret_day)
{
    int64_t n = (int64_t)day.n + DAYS_TO_1970;
    int64_t cycle = floor_div(n, DAYS_PER_CYCLE);
    int in_cycle = (int)(n - cycle * DAYS_PER_CYCLE);
    int year = (in_cycle - in_cycle / 1460 + in_cycle / 36524 - in_cycle / 146096) / 365;
    int in_year = in_cycle - (365 * year + year / 4 - year / 100);
    int month = (5 * in_year + 2) / 153; /* 0 = March */

    *ret_day = in_year - (153 * month + 2) / 5 + 1;
    *ret_month = month < 10 ? month + 3 : month - 9;
    *ret_year = year + (int)cycle * 400 + (*ret_month <= 2 ? 1 : 0);
}

struct civil wall_civil(wall_t at)
{
    struct civil civil = {0};
    int64_t us;
    day_t day = {(int32_t)split(at, &us)};
    int seconds;

    day_to_ymd(day, &civil.year, &civil.month, &civil.day);
    seconds = (int)(us / US_PER_SECOND);
    civil.us = (int)(us - seconds * US_PER_SECOND);
    civil.hour = seconds / 3600;
    civil.minute = seconds / 60 % 60;
    civil.second = seconds % 60;
    civil.weekday = day_weekday(day);
    return civil;
}

day_t day_add_months(day_t day, int months)
{
    int year, month, dom, length;
    int64_t index;

    if (day_is_none(day))
        return DAY_NONE;
    day_to_ymd(day, &year, &month, &dom);
    index = (int64_t)year * 12 + month - 1 + months;
    if (index < YEAR_LEAST * 12 || index >= (YEAR_MOST + 1) * 12)
        return DAY_NONE;
    year = (int)(index / 12);
    month = (int)(index % 12) + 1;
    length = month_length(year, month);
    return day_from_ymd(year, month, dom < length ? dom : length);
}

/* Exactly `len` digits at `at`; -1 when they are not. */
static int digits_at(struct slice text, size_t at, size_t len, int max)
{
    int value = 0;

    if (at + len > text.len)
        return -1;
    for (size_t i = at; i < at + len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return -1;
        value = value * 10 + (text.ptr[i] - '0');
    }
    return value <= max ? value : -1;
}

int day_parse(struct slice text, day_t *ret)
{
    day_t day;

    if (text.len != 10 || text.ptr[4] != '-' || text.ptr[7] != '-')
        return -EINVAL;
    day = day_from_ymd(digits_at(text, 0, 4, YEAR_MOST), digits_at(text, 5, 2, 12),
                       digits_at(text, 8, 2, 31));
    if (day_is_none(day))
        return -EINVAL;
    *ret = day;
    return 0;
}

/* A fraction at *at, if there is one: digits past the sixth are read and dropped. */
static int parse_fraction(struct slice text, size_t *at, int64_t *ret_us)
{
    int64_t unit = US_PER_SECOND / 10, us = 0;
    size_t i = *at;

    *ret_us = 0;
    if (i >= text.len || text.ptr[i] != '.')
        return 0;
    for (i++; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++) {
        us += (text.ptr[i] - '0') * unit;
        unit /= 10;
    }
    if (i == *at + 1)
        return -EINVAL;
    *at = i;
    *ret_us = us;
    return 0;
}

static int parse_offset(struct slice text, int64_t *ret_us)
{
    int hour, minute;

    if (text.len == 1 && (text.ptr[0] == 'Z' || text.ptr[0] == 'z')) {
        *ret_us = 0;
        return 0;
    }
    if (text.len != 6 || (text.ptr[0] != '+' && text.ptr[0] != '-') || text.ptr[3] != ':')
        return -EINVAL;
    hour = digits_at(text, 1, 2, 23);
    minute = digits_at(text, 4, 2, 59);
    if (hour < 0 || minute < 0)
        return -EINVAL;
    *ret_us = (hour * US_PER_HOUR + minute * US_PER_MINUTE) * (text.ptr[0] == '-' ? -1 : 1);
    return 0;
}

int wall_parse(struct slice text, wall_t *ret)
{
    int hour, minute, second;
    int64_t fraction, offset;
    size_t at = 19;
    day_t day;

    if (text.len < 20 || day_parse(slice_sub(text, 0, 10), &day) != 0)
        return -EINVAL;
    if ((text.ptr[10] != 'T' && text.ptr[10] != 't') || text.ptr[13] != ':' || text.ptr[16] != ':')
        return -EINVAL;
    hour = digits_at(text, 11, 2, 23);
    minute = digits_at(text, 14, 2, 59);
    second = digits_at(text, 17, 2, 60); /* RFC 3339 knows leap seconds: the next minute's first */
    if (hour < 0 || minute < 0 || second < 0 || parse_fraction(text, &at, &fraction) != 0 ||
        parse_offset(slice_sub(text, at, text.len), &offset) != 0)
        return -EINVAL;
    ret->us = day.n * US_PER_DAY + hour * US_PER_HOUR + minute * US_PER_MINUTE +
              second * US_PER_SECOND + fraction - offset;
    return 0;
}

/* Two digits of 0..99. Answers where the text goes on, as all of these do. */
static char *put_two(char *at, int value)
{
    at[0] = (char)('0' + value / 10);
    at[1] = (char)('0' + value % 10);
    return at + 2;
}

/* Four digits; a year that needs more, or lies before 0, is no date of ours. */
static char *put_year(char *at, int year)
{
    if (year < 0 || year > YEAR_MOST)
        year = 0;
    at = put_two(at, year / 100);
    return put_two(at, year % 100);
}

static char *put_day(char *at, int year, int month, int day)
{
    at = put_year(at, year);
    *at++ = '-';
    at = put_two(at, month);
    *at++ = '-';
    return put_two(at, day);
}

static char *put_minute(char *at, int seconds)
{
    at = put_two(at, seconds / 3600);
    *at++ = ':';
    return put_two(at, seconds / 60 % 60);
}

void buf_add_day(struct buf *buf, day_t day)
{
    char text[16];
    int y, m, d;

    if (day_is_none(day))
        return;
    day_to_ymd(day, &y, &m, &d);
    buf_add(buf, text, (size_t)(put_day(text, y, m, d) - text));
}

size_t wall_write(wall_t at, char out[WALL_TEXT_MAX])
{
    char *end = out;
    int year, month, day, seconds, fraction;
    int64_t us;

    day_to_ymd((day_t){(int32_t)split(at, &us)}, &year, &month, &day);
    seconds = (int)(us / US_PER_SECOND);
    fraction = (int)(us - seconds * US_PER_SECOND);
    end = put_day(end, year, month, day);
    *end++ = 'T';
    end = put_minute(end, seconds);
    *end++ = ':';
    end = put_two(end, seconds % 60);
    if (fraction != 0) {
        *end++ = '.';
        end = put_two(end, fraction / 10000);
        end = put_two(end, fraction / 100 % 100);
        end = put_two(end, fraction % 100);
    }
    memcpy(end, "+07:00", 6);
    return (size_t)(end + 6 - out);
}

void buf_add_wall(struct buf *buf, wall_t at)
{
    char text[WALL_TEXT_MAX];

    if (!wall_is_none(at))
        buf_add(buf, text, wall_write(at, text));
}

static char *put_day_vi(char *at, int year, int month, int day)
{
    at = put_two(at, day);
    *at++ = '/';
    at = put_two(at, month);
    *at++ = '/';
    return put_year(at, year);
}

void buf_add_day_vi(struct buf *buf, day_t day)
{
    char text[16];
    int y, m, d;

    if (day_is_none(day))
        return;
    day_to_ymd(day, &y, &m, &d);
    buf_add(buf, text, (size_t)(put_day_vi(text, y, m, d) - text));
}

void buf_add_wall_vi(struct buf *buf, wall_t at)
{
    char text[24], *end;
    struct civil civil;

    if (wall_is_none(at))
        return;
    civil = wall_civil(at);
    end = put_minute(text, civil.hour * 3600 + civil.minute * 60);
    *end++ = ' ';
    end = put_day_vi(end, civil.year, civil.month, civil.day);
    buf_add(buf, text, (size_t)(end - text));
}
