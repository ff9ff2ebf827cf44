-- The same outputs as the measures of an edition, without privacy: tuned, no bounding, no weights.
-- Statements are separated by a line of dashes; bench_edition.py times them over the relation visit.
CREATE TEMP TABLE person_place AS
SELECT person_key, venue, min(event_day) AS first_day, count(*) AS visits
FROM visit GROUP BY person_key, venue;
--------
SELECT venue, count(*) FROM person_place GROUP BY venue;
--------
CREATE TEMP TABLE person AS
SELECT person_key, count(*) AS places, sum(visits) AS visits FROM person_place GROUP BY person_key;
--------
SELECT least(places, 5) AS places, count(*) FROM person GROUP BY 1;
--------
SELECT least(visits, 6) AS visits, count(*), sum(visits) FROM person GROUP BY 1;
--------
CREATE TEMP TABLE itinerary AS
SELECT person_key, list((venue::UINTEGER << 16) | first_day::UINTEGER) AS items
FROM person_place GROUP BY person_key HAVING count(*) > 1;
--------
SELECT x >> 16 AS a, y >> 16 AS b, count(*)
FROM (SELECT x, unnest(items) AS y FROM (SELECT items, unnest(items) AS x FROM itinerary))
WHERE (x >> 16) < (y >> 16) GROUP BY 1, 2;
--------
SELECT a, b, CASE WHEN lag <= 30 THEN 0 WHEN lag <= 90 THEN 1 ELSE 2 END AS lags, count(*)
FROM (SELECT x >> 16 AS a, y >> 16 AS b, (y & 65535)::INTEGER - (x & 65535)::INTEGER AS lag
      FROM (SELECT x, unnest(items) AS y FROM (SELECT items, unnest(items) AS x FROM itinerary)))
WHERE lag BETWEEN 1 AND 365 GROUP BY 1, 2, 3;
--------
SELECT age, distance, discipline, bin, count(*)
FROM (SELECT DISTINCT person_key, age, distance, discipline,
             CASE WHEN lead_days < 4 THEN lead_days WHEN lead_days < 8 THEN 4
                  WHEN lead_days < 15 THEN 8 WHEN lead_days < 31 THEN 15
                  WHEN lead_days < 61 THEN 31 WHEN lead_days < 121 THEN 61
                  WHEN lead_days < 241 THEN 121 ELSE 241 END AS bin
      FROM visit WHERE lead_days >= 0 AND age < 5 AND distance < 5)
GROUP BY 1, 2, 3, 4;
--------
CREATE TEMP TABLE home AS
SELECT person_key, min(departement) AS departement FROM visit GROUP BY person_key;
--------
SELECT venue, departement, count(*) FROM person_place JOIN home USING (person_key) GROUP BY 1, 2;
