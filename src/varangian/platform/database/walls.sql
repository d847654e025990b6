-- Life or exercise: a circle below an engagement shows on one of the two sides only.
create or replace function varangian_here(above uuid, exercise boolean)
returns boolean language sql stable as $$
    select above is null
        or exercise = (coalesce(current_setting('varangian.exercise', true), '') = 'on')
$$;

-- Compartments in which a person holds one of these roles: of their own, those below an engagement
-- that they oversee, and with ``below`` the engagement above an operation. Null roles: any.
create or replace function varangian_circles(person uuid, roles text[], below boolean)
returns setof uuid language sql stable as $$
    with me as (
        select m.compartment_id, m.role, c.parent_id
        from access_membership m join access_compartment c on c.id = m.compartment_id
        where m.user_id = person and (m.until is null or m.until > now())
          and (roles is null or m.role = any(roles)) and varangian_here(c.parent_id, c.exercise)
    )
    select compartment_id from me
    union select parent_id from me where below and parent_id is not null
    union select c.id from access_compartment c join me on c.parent_id = me.compartment_id
        where me.role in ('detail_leader', 'analyst', 'operator')
            and varangian_here(c.parent_id, c.exercise)
$$;

-- The same for one compartment: a person's ties to it, their own first. Each way to it is a probe of
-- an index, so that somebody with thousands of circles does not wait for all of them.
create or replace function varangian_ties(person uuid, circle uuid)
returns table(role text, from_below boolean) language sql stable as $$
    with ties as (
        select m.role, m.until, 1 as way from access_membership m
        where m.user_id = person and m.compartment_id = circle
        union all
        select m.role, m.until, 2 from access_membership m
        where m.user_id = person and m.role in ('detail_leader', 'analyst', 'operator')
          and m.compartment_id = (select c.parent_id from access_compartment c where c.id = circle)
        union all
        select m.role, m.until, 3 from access_compartment c
            join access_membership m on m.compartment_id = c.id and m.user_id = person
        where c.parent_id = circle and varangian_here(c.parent_id, c.exercise)
    )
    select t.role, t.way = 3 from ties t where (t.until is null or t.until > now())
        and (select varangian_here(c.parent_id, c.exercise)
             from access_compartment c where c.id = circle)
    group by t.role, t.way order by min(t.way), t.role
$$;

-- What the person named in this transaction may look into, for row security.
-- One uncorrelated scan per query; no person named means no rows.
create or replace function varangian_reach() returns setof uuid
language sql stable security definer set search_path = public as $$
    select varangian_circles(
        nullif(current_setting('varangian.user', true), '')::uuid, null, true)
$$;

create or replace function varangian_audit() returns trigger
language plpgsql security definer set search_path = public as $$
declare
    before jsonb; after jsonb; changes jsonb; row_now jsonb;
begin
    if TG_OP <> 'INSERT' then before := to_jsonb(OLD); end if;
    if TG_OP <> 'DELETE' then after := to_jsonb(NEW); end if;
    row_now := coalesce(after, before);
    if TG_OP = 'UPDATE' then
        select jsonb_object_agg(key, jsonb_build_array(before -> key, value)) into changes
        from jsonb_each(after) where value is distinct from before -> key;
        if changes is null then return null; end if;
    else
        changes := row_now;
    end if;
    changes := changes - array['password', 'wrapped', 'digest', 'last_login', 'last_used_at'];
    if changes = '{}'::jsonb then return null; end if;
    insert into audit_auditentry (at, kind, table_name, record, compartment, actor, purpose, request, changes)
    values (
        clock_timestamp(), lower(TG_OP), TG_TABLE_NAME, coalesce(row_now ->> 'id', ''),
        (row_now ->> 'compartment_id')::uuid,
        coalesce(nullif(current_setting('varangian.actor', true), ''), session_user),
        coalesce(current_setting('varangian.purpose', true), ''),
        coalesce(current_setting('varangian.request', true), ''), changes);
    return null;
end $$;

create or replace function varangian_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'records in % are never changed; write a new entry', TG_TABLE_NAME
        using errcode = 'integrity_constraint_violation';
end $$;
