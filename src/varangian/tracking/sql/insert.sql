insert into tracking_position (device_id, compartment_id, at, heard_at, lat, lon, altitude,
    accuracy, speed, course, battery, activity, source, trigger)
select * from unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::float8[],
    %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::float8[],
    %s::text[], %s::text[], %s::text[])
on conflict do nothing returning device_id, at
