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

)

select
    customer_id,
    customer_code,
    legal_name,
    country,
    fiscal_id,
    fiscal_id_norm,
    fiscal_id_valid,
    is_generic,
    email_domain,
    segment,
    status,
    status = 'internal' as is_internal,
    withholding_agent,
    owner,
    case
        when merging_id is null then customer_id
        else min(customer_id) over (partition by country, merging_id)
    end as golden_customer_id,
    case
        when top_customer_id is not null then top_customer_id
        when group_root is not null and merging_id is not null then min(customer_id) over (partition by country, group_root)
        when merging_id is not null then min(customer_id) over (partition by country, merging_id)
        else customer_id
    end as customer_group_id,
    case
        when merging_id is not null then 'fiscal_id'
        when is_in_crosswalk then 'crosswalk'
        when email_domain is not null then 'domain'
        else 'none'
    end as match_method
from identified
