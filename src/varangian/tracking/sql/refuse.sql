insert into tracking_refusal as r (id, compartment_id, device_id, day, reason, count, first_at,
    last_at, claimed_at, lat, lon)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (device_id, day, reason) do update set count = r.count + excluded.count,
    last_at = greatest(r.last_at, excluded.last_at), claimed_at = excluded.claimed_at,
    lat = excluded.lat, lon = excluded.lon
