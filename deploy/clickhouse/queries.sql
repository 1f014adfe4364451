-- Questions of a fraud desk, each with its parameters as ClickHouse takes them: clickhouse-client --param_number=+44...
-- `check.py` asks every one of them.

-- Calls from or to a number, the latest first.
SELECT began_at, outcome, caller.number, callee.number, source.ip, user_agent, talk_ms / 1000 AS talk_secs
FROM greyline.calls FINAL
WHERE (caller.number = {number:String} OR callee.number = {number:String}) AND began_at >= now() - INTERVAL {days:UInt32} DAY
ORDER BY began_at DESC
LIMIT 100;

-- One call, by its Call-ID or that of one of its other legs.
SELECT *
FROM greyline.calls FINAL
WHERE call_id = {call_id:String} OR has(legs, {call_id:String});

-- What was open at a moment, now() for one, the gravest first.
SELECT alert_id, argMax(kind, time) AS kind, argMax(severity, time) AS severity, argMax(title, time) AS title,
       argMax(calls.count, time) AS calls, min(first_call) AS since, max(time) AS told_at
FROM greyline.alerts
WHERE NOT shadow AND time <= {at:DateTime64(6)}
GROUP BY alert_id
HAVING argMax(status, time) != 'close'
ORDER BY severity DESC, since;

-- The calls of an alert that its record names, with what became of them.
SELECT calls.began_at, calls.caller.number, calls.callee.number, calls.callee.country, calls.outcome, calls.talk_ms / 1000 AS talk_secs
FROM greyline.calls AS calls FINAL
WHERE calls.call_id IN (SELECT arrayJoin(calls.sample) FROM greyline.alerts WHERE alert_id = {alert_id:String})
ORDER BY calls.began_at;

-- Whom an address has called, by country, hour by hour: what follows the sun shows here.
SELECT toStartOfHour(began_at) AS hour, callee.country AS country, count() AS calls, uniq(caller.number) AS callers,
       uniq(callee.number) AS callees, round(countIf(outcome = 'answered') / count(), 3) AS answered
FROM greyline.calls FINAL
WHERE source.ip = {address:String} AND began_at >= now() - INTERVAL {days:UInt32} DAY
GROUP BY hour, country
ORDER BY hour, calls DESC;

-- Everything that one stack did, wherever it came from: its addresses and how long it used each.
SELECT source.ip AS address, min(began_at) AS first, max(began_at) AS last, count() AS calls, uniq(caller.number) AS callers
FROM greyline.calls FINAL
WHERE stack = {stack:String}
GROUP BY address
ORDER BY first;

-- Who was called by an operation and talked: the people to warn. A complaint that names one of them is its witness.
SELECT callee.number AS number, count() AS calls, max(talk_ms) / 1000 AS longest_secs, max(began_at) AS last
FROM greyline.calls FINAL
WHERE source.ip IN (SELECT arrayJoin(sources) FROM greyline.alerts WHERE alert_id = {alert_id:String})
  AND began_at BETWEEN (SELECT min(first_call) FROM greyline.alerts WHERE alert_id = {alert_id:String})
                   AND (SELECT max(last_call) FROM greyline.alerts WHERE alert_id = {alert_id:String})
  AND outcome = 'answered'
GROUP BY number
ORDER BY longest_secs DESC
LIMIT 1000;

-- Answer-seizure ratio, post-dial delay and quality by trunk and day.
SELECT toDate(began_at) AS day, source.trunk AS trunk, count() AS attempts,
       round(countIf(outcome = 'answered') / count(), 3) AS asr, round(quantile(0.95)(pdd_ms)) AS pdd_p95_ms,
       round(avgIf(talk_ms, outcome = 'answered') / 1000, 1) AS acd_secs,
       round(avgArray(arrayFilter(mos -> mos IS NOT NULL, media.mos)), 2) AS mos
FROM greyline.calls FINAL
GROUP BY day, trunk
ORDER BY day, attempts DESC;
