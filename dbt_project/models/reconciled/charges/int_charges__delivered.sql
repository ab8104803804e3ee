-- Providers whose charges of this month were delivered. Vendors come in one file: when it came, all of them did.
select distinct provider
from {{ ref('int_focus__charges') }}
union
select distinct subscriptions.provider
from {{ ref('int_contract__subscriptions') }} as subscriptions
where subscriptions.provider not in ('microsoft', 'aws', 'gcp', 'oracle', 'own')
    and exists (select 1 from {{ ref('int_focus__charges') }} where source = 'vendor')
