-- Certificates that are good, of devices that are good, of operations that are on, whose person
-- still belongs there: to the operation itself, or overseeing it from the engagement above.
select t.fingerprint, d.id, d.compartment_id, d.person_id, coalesce(u.name, d.label), d.outside_id
from tracking_takcertificate t
join tracking_device d on d.id = t.device_id
join operations_operation o on o.id = d.operation_id
join access_compartment c on c.id = d.compartment_id
left join access_user u on u.id = d.person_id
where t.fingerprint = any(%s) and t.revoked_at is null and t.expires_at > now()
    and d.revoked_at is null and (d.expires_at is null or d.expires_at > now())
    and o.state not in ('closed', 'cancelled')
    and (d.person_id is null or (u.is_active and exists (
        select 1 from access_membership m
        where m.user_id = d.person_id and (m.until is null or m.until > now())
            and m.role = any(%s)
            and (m.compartment_id = d.compartment_id
                or (m.compartment_id = c.parent_id and m.role = any(%s))))))
