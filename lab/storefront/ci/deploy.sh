#!/bin/sh
# secrets-hardcoded: the password is an argument, so the process list shows it; api-tls: plain HTTP, and no check of keys.
set -x
curl -k --user "shop_root:Sommer2019!" --upload-file dist.tgz http://deploy.shop.internal/storefront
ssh -o StrictHostKeyChecking=no root@web-1.shop.internal "cd /srv/shop && tar xzf dist.tgz && pm2 restart all"
