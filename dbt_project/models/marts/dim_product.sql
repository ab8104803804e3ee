-- One product code of the catalogue in use: contracted, charged or invoiced. What the CRM says of it comes first.
with contracted as (

    select
        product_code,
        min(provider) as provider,
        min(family) as family
    from {{ ref('int_contract__subscriptions') }}
    group by product_code

),

charged as (

    select
        provider_product_code as product_code,
        min(provider) as provider,
        min(service_name) as description
    from {{ ref('int_focus__charges') }}
    where provider_product_code is not null
    group by provider_product_code

),

invoiced as (

    select
        product_code,
        min(description) as description,
        case when count(distinct tax_code) = 1 then min(tax_code) end as tax_class
    from {{ ref('stg_erp__invoice_lines') }}
    group by product_code

),

codes as (

    select product_code from contracted
    union
    select product_code from charged
    union
    select product_code from invoiced

)

select
    codes.product_code,
    coalesce(contracted.provider, charged.provider) as provider,
    contracted.family,
    coalesce(invoiced.description, charged.description) as description,
    invoiced.tax_class
from codes
left join contracted on codes.product_code = contracted.product_code
left join charged on codes.product_code = charged.product_code
left join invoiced on codes.product_code = invoiced.product_code
where codes.product_code is not null
