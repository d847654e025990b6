insert into tracking_lastposition as l (device_id, compartment_id, at, heard_at, lat, lon, altitude,
    accuracy, speed, course, battery, activity, source, stray_count)
select *, 0 from unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::float8[],
    %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::float8[],
    %s::text[], %s::text[])
on conflict (device_id) do update set compartment_id = excluded.compartment_id, at = excluded.at,
    heard_at = excluded.heard_at, lat = excluded.lat, lon = excluded.lon,
    altitude = excluded.altitude, accuracy = excluded.accuracy, speed = excluded.speed,
    course = excluded.course, battery = coalesce(excluded.battery, l.battery),
    activity = excluded.activity, source = excluded.source, silent_since = null,
    stray_at = null, stray_lat = null, stray_lon = null, stray_count = 0
where l.at < excluded.at
returning device_id
