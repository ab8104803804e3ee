-- Each CRM account with its fiscal id read as its authority writes it. Accounts of one valid, non-generic fiscal id in one
-- country are one customer (`golden_customer_id`); a name alone never joins two.
with customers as (

    select * from {{ ref('stg_crm__customers') }}

),

fiscal_ids as (

    select * from {{ ref('stg_cuadre__fiscal_ids') }}

),

crosswalk as (

    select distinct customer_id from {{ ref('stg_crm__customer_xref') }}

),

identified as (

    select
        customers.customer_id,
        customers.customer_code,
        customers.legal_name,
        customers.country,
        customers.fiscal_id,
        fiscal_ids.fiscal_id_norm,
        coalesce(fiscal_ids.is_valid, false) as fiscal_id_valid,
        coalesce(fiscal_ids.is_generic, false) as is_generic,
        case when fiscal_ids.is_valid and not fiscal_ids.is_generic then fiscal_ids.fiscal_id_norm end as merging_id,
        fiscal_ids.group_root,
        coalesce(grandparents.parent_customer_id, parents.parent_customer_id, customers.parent_customer_id) as top_customer_id,
        lower(customers.email_domain) as email_domain,
        customers.segment,
        customers.status,
        customers.withholding_agent,
        customers.owner,
        crosswalk.customer_id is not null as is_in_crosswalk
    from customers
    left join customers as parents on customers.parent_customer_id = parents.customer_id
    left join customers as grandparents on parents.parent_customer_id = grandparents.customer_id
    left join fiscal_ids on customers.country = fiscal_ids.country and customers.fiscal_id = fiscal_ids.fiscal_id
    left join crosswalk on customers.customer_id = crosswalk.customer_id

),

merged as (

    select
        *,
        case when merging_id is null then customer_id else min(customer_id) over (partition by country, merging_id) end
            as golden_customer_id,
        case when merging_id is null then top_customer_id else min(top_customer_id) over (partition by country, merging_id) end
            as stated_top_id,
        case when group_root is not null and merging_id is not null then min(customer_id) over (partition by country, group_root) end
            as root_customer_id
    from identified

)

select
    merged.customer_id,
    merged.customer_code,
    merged.legal_name,
    merged.country,
    merged.fiscal_id,
    merged.fiscal_id_norm,
    merged.fiscal_id_valid,
    merged.is_generic,
    merged.email_domain,
    merged.segment,
    merged.status,
    merged.status = 'internal' as is_internal,
    merged.withholding_agent,
    merged.owner,
    merged.golden_customer_id,
    coalesce(tops.golden_customer_id, merged.stated_top_id, merged.root_customer_id, merged.golden_customer_id) as customer_group_id,
    case
        when merged.merging_id is not null then 'fiscal_id'
        when merged.is_in_crosswalk then 'crosswalk'
        when merged.email_domain is not null then 'domain'
        else 'none'
    end as match_method
from merged
left join merged as tops on merged.stated_top_id = tops.customer_id
