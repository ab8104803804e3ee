-- Domains that name exactly one customer. Mail providers and Microsoft's own suffix name nobody.
with customers as (

    select * from {{ ref('int_identity__customers') }}

)

select
    email_domain,
    min(golden_customer_id) as customer_id
from customers
where email_domain is not null
    and email_domain not like '%.onmicrosoft.com'
    and email_domain not in ('gmail.com', 'hotmail.com', 'outlook.com', 'live.com', 'yahoo.com', 'icloud.com')
group by email_domain
having count(distinct golden_customer_id) = 1
