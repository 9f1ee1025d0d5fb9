<?php
// What this installation is: everything that differs between two runs comes from the environment.
$site = getenv('WORDPRESS_URL');

define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
// A socket in the run's own folder, which only its owner may enter: the database has no port and needs no password.
define('DB_HOST', 'localhost:' . getenv('WORDPRESS_DB_SOCKET'));
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
$table_prefix = 'wp_';

define('WP_HOME', $site);
define('WP_SITEURL', $site);
// Application passwords need TLS or a local environment.
define('WP_ENVIRONMENT_TYPE', 'local');
define('WP_DEBUG', false);
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);

foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define("{$name}_KEY", hash('sha256', getenv('WORDPRESS_SALT') . "$name key"));
    define("{$name}_SALT", hash('sha256', getenv('WORDPRESS_SALT') . "$name salt"));
}

if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
