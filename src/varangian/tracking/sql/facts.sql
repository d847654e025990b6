-- What a batch must know of its devices: may they speak, and where were they last.
select d.id, d.compartment_id,
    d.revoked_at is null and (d.expires_at is null or d.expires_at > now())
        and o.state not in ('closed', 'cancelled'),
    d.share,
    d.carried_by_principal and exists (
        select 1 from principals_privacywindow w
        where w.principal_id = o.principal_id and w.starts <= now() and w.ends > now()),
    exists (select 1 from operations_duty t where t.operation_id = d.operation_id
        and t.ended_at is null and (t.person_id = d.person_id or d.person_id is null)),
    exists (select 1 from operations_movement m
        where m.operation_id = d.operation_id and m.state in ('under_way', 'diverted')),
    coalesce(d.emergency_until > now(), false),
    l.at, l.lat, l.lon, l.stray_at, l.stray_lat, l.stray_lon, coalesce(l.stray_count, 0)
from tracking_device d
join operations_operation o on o.id = d.operation_id
left join tracking_lastposition l on l.device_id = d.id
where d.id = any(%s)
