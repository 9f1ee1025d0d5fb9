<?php
// Installs WordPress as its own installer does, with the permalinks that nearly every site has.
define('WP_INSTALLING', true);
$site = getenv('WORDPRESS_URL');
$_SERVER['HTTP_HOST'] = parse_url($site, PHP_URL_HOST) . ':' . parse_url($site, PHP_URL_PORT);
$_SERVER['REQUEST_URI'] = '/';

require __DIR__ . '/wordpress/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

wp_install('The Harbour Post', 'siteadmin', 'siteadmin@example.test', true, '', getenv('WORDPRESS_ADMIN_PASSWORD'));
update_option('permalink_structure', '/%postname%/');
flush_rewrite_rules();
